"""What a site teaches is used where it is better than the shipped model, and nowhere else."""

import random
from dataclasses import replace

from service.moderation.learning.agreement import auc
from service.moderation.learning.correction import Correction, weights_of_bytes
from service.moderation.learning.example import Example, in_buckets
from service.moderation.learning.lesson import FEWEST_LABELS, Lesson, teach
from tests.unit.moderation.learning.labels import example, examples

NEVER_SEEN = [example(10_000 + at) for at in range(600)]


def auc_of(lesson: Lesson, among: list[Example] = NEVER_SEEN) -> float:
    scores = [
        lesson.correction.log_odds(one.shipped, one.features) if lesson.correction else one.shipped
        for one in among
    ]
    found = auc(scores, [one.label for one in among])
    assert found is not None
    return found


SHIPPED = auc_of(teach("spam", 1, []))


def test_three_hundred_labels_make_the_model_measurably_better_on_comments_never_seen() -> None:
    lesson = teach("spam", 7, examples(300))
    assert lesson.outcome == "better"
    assert lesson.correction is not None
    assert (lesson.correction.task, lesson.correction.version) == ("spam", 7)
    assert auc_of(lesson) >= SHIPPED + 0.08


def test_what_was_held_out_tells_the_truth_about_comments_never_seen() -> None:
    lesson = teach("spam", 1, examples(300))
    assert lesson.auc_corrected is not None
    assert abs(lesson.auc_corrected - auc_of(lesson)) < 0.05


def test_too_few_labels_teach_nothing() -> None:
    lesson = teach("spam", 1, examples(FEWEST_LABELS - 1))
    assert (lesson.outcome, lesson.correction) == ("too_few", None)
    assert lesson.judged == tuple(one.shipped for one in examples(FEWEST_LABELS - 1))


def test_labels_of_one_kind_alone_teach_nothing() -> None:
    fine = [one for one in examples(300) if not one.label]
    assert teach("spam", 1, fine).outcome == "too_few"


def test_inverted_labels_of_the_only_moderator_are_ignored_and_the_shipped_model_stands() -> None:
    lesson = teach("spam", 1, examples(300, inverted=True))
    assert (lesson.outcome, lesson.correction, lesson.ignored) == ("not_trusted", None, (1,))


def test_inverted_labels_of_one_moderator_do_not_spoil_what_another_teaches() -> None:
    mixed = examples(300, moderator=1) + examples(300, start=300, moderator=2, inverted=True)
    random.Random(1).shuffle(mixed)
    lesson = teach("spam", 1, mixed)
    assert (lesson.outcome, lesson.ignored) == ("better", (2,))
    assert auc_of(lesson) >= SHIPPED + 0.08


def test_an_account_that_inverts_its_labels_from_one_day_on_is_ignored_from_there() -> None:
    lesson = teach("spam", 1, examples(300) + examples(300, start=300, inverted=True))
    assert auc_of(lesson) >= SHIPPED + 0.08


def test_labels_by_chance_change_nothing() -> None:
    drawn = random.Random(3)
    labels = [replace(one, label=drawn.random() < 0.4) for one in examples(300)]
    lesson = teach("spam", 1, labels)
    assert (lesson.outcome, lesson.correction) == ("not_better", None)


def test_where_two_others_agree_with_a_moderator_it_is_the_shipped_model_that_is_wrong() -> None:
    wrong = [replace(one, shipped=-one.shipped, moderator=1 + at % 3) for at, one in enumerate(examples(400))]
    lesson = teach("spam", 1, wrong)
    assert (lesson.outcome, lesson.ignored) == ("better", ())
    assert auc_of(lesson) > 0.7


def test_of_three_moderators_the_one_who_contradicts_the_others_is_ignored_where_the_model_is_mute() -> None:
    mute = [replace(one, shipped=0.0) for one in examples(300)]
    labels = [
        replace(one, moderator=1 + at % 3, label=one.label is not (at % 3 == 2))
        for at, one in enumerate(mute)
    ]
    assert teach("spam", 1, labels).ignored == (3,)


def test_the_same_labels_teach_the_same() -> None:
    assert teach("spam", 1, examples(120)) == teach("spam", 1, examples(120))


def test_a_word_of_fewer_than_three_comments_leaves_no_trace() -> None:
    """Nothing that a correction stores is about one or two comments alone."""
    rare = [
        replace(one, features=(*one.features, (500 + at // 2, 1.0))) for at, one in enumerate(examples(300))
    ]
    lesson = teach("spam", 1, rare)
    assert lesson.correction is not None
    assert max(lesson.correction.weights) < 500
    shared = [
        replace(one, features=(*one.features, (500 + at // 3, 1.0))) for at, one in enumerate(examples(300))
    ]
    again = teach("spam", 1, shared).correction
    assert again is not None
    assert max(again.weights) >= 500


def test_a_correction_survives_being_stored() -> None:
    correction = teach("spam", 1, examples(300)).correction
    assert correction is not None
    stored = weights_of_bytes(correction.weights_as_bytes())
    again = Correction("spam", 1, correction.scale, correction.bias, stored)
    for one in NEVER_SEEN[:50]:
        difference = correction.log_odds(one.shipped, one.features) - again.log_odds(
            one.shipped, one.features
        )
        assert abs(difference) < 0.01


def test_features_are_kept_by_bucket_and_never_by_their_own_number() -> None:
    far = [
        replace(one, features=tuple((bucket + 3 * 2**18, value) for bucket, value in one.features))
        for one in NEVER_SEEN[:5]
    ]
    correction = teach("spam", 1, examples(300)).correction
    assert correction is not None
    for near, same in zip(NEVER_SEEN, far, strict=False):
        assert correction.log_odds(0, near.features) == correction.log_odds(0, same.features)


def test_what_shares_a_bucket_is_added() -> None:
    assert tuple(in_buckets([(5, 0.5), (5 + 2**18, 0.25), (7, 1.0)])) == ((5, 0.75), (7, 1.0))


def test_labels_that_lean_against_a_model_that_hardly_tells_apart_teach_nothing() -> None:
    """Too little to be noticed as inverted, and yet they would turn the model round."""
    barely = [example(at, inverted=True, known=0.1) for at in range(300)]
    lesson = teach("spam", 1, barely)
    assert (lesson.outcome, lesson.correction, lesson.ignored) == ("not_trusted", None, ())
    right = [example(at, known=0.1) for at in range(300)]
    assert teach("spam", 1, right).outcome == "better"
