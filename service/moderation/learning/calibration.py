"""Fits log-odds to what people said, without changing their order (Platt 1999)."""

from collections.abc import Sequence

from service.moderation.learning.correction import probability


def recalibrated(
    log_odds: Sequence[float], labels: Sequence[bool], weights: Sequence[float]
) -> tuple[float, float]:
    """Slope (0.2 to 3) and shift with which these log-odds fit the labels best, by Newton's method.

    A little of "slope 1, shift 0" is mixed in, which holds where there are few labels.
    """
    slope, shift = 1.0, 0.0
    for _ in range(25):
        g_slope, g_shift, h_ss, h_sb, h_bb = 4 * (slope - 1), shift, 4.0, 0.0, 1.0
        for odds, label, weight in zip(log_odds, labels, weights, strict=True):
            share = probability(slope * odds + shift)
            error, bend = (share - label) * weight, share * (1 - share) * weight
            g_slope, g_shift = g_slope + error * odds, g_shift + error
            h_ss, h_sb, h_bb = h_ss + bend * odds * odds, h_sb + bend * odds, h_bb + bend
        det = h_ss * h_bb - h_sb * h_sb
        step_slope, step_shift = (
            (h_bb * g_slope - h_sb * g_shift) / det,
            (h_ss * g_shift - h_sb * g_slope) / det,
        )
        slope, shift = slope - _bounded(step_slope), shift - _bounded(step_shift)
        if abs(step_slope) + abs(step_shift) < 1e-6:
            break
    return min(max(slope, 0.2), 3.0), shift


def _bounded(step: float) -> float:
    return max(-1.0, min(1.0, step))
