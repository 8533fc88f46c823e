"""A site's models and its automation as JSON: for the API and the command line."""

from typing import Any

from service.moderation.learning.correction import TASKS
from service.moderation.learning.wording import alarm_words, automation_words, sample_words
from service.usecases.models import Standing
from service.usecases.site_models import thresholds_of


def models_document(found: Standing) -> dict[str, Any]:
    """Everything that is known; moderators by their names."""
    standing, policy = found.learning, found.site.policy
    thresholds = thresholds_of(policy, standing)
    return {
        "site": found.site.slug,
        "revision": standing.revision,
        "words": [*automation_words(policy, standing), *sample_words(standing)],
        "alarm": alarm_words(standing),
        "automation": {
            "publish": policy.publish,
            "basis": thresholds.basis,
            "held_above": thresholds.spam_held_above,
            "spam_above": thresholds.spam_above,
        },
        "promised": {
            "publish": standing.report.get("publish"),
            "spam": standing.report.get("spam"),
            "publish_at_other_promises": standing.report.get("promises", []),
        },
        "samples": standing.report.get("samples", {}),
        "samples_waiting": found.waiting,
        "models": {task: _model(found, task) for task in TASKS},
        "labels": standing.labels,
        "learned_at": standing.learned_at,
        "broken_at": standing.broken_at,
        "changed_at": standing.changed_at,
        "changed_by": standing.changed_by,
    }


def _model(found: Standing, task: str) -> dict[str, Any]:
    told = found.learning.report.get("tasks", {}).get(task, {})
    return {
        "state": found.learning.states[task],
        "version": found.learning.versions[task],
        "outcome": told.get("outcome"),
        "labels": told.get("labels", 0),
        "positive": told.get("positive", 0),
        "auc_shipped": told.get("auc_shipped"),
        "auc_corrected": told.get("auc_corrected"),
        "ignored": [found.names.get(one, str(one)) for one in told.get("ignored_moderators", ())],
        "versions": [
            {
                "version": one.version,
                "learned_at": one.learned_at,
                "labels": one.labels,
                "auc_shipped": one.auc_shipped,
                "auc_corrected": one.auc_corrected,
            }
            for one in found.models
            if one.task == task
        ],
    }
