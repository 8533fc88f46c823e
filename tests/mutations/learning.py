"""Guards of what sites teach, of promises and of samples."""

from tests.mutations.breakage import Breakage

_LESSON = "tests/unit/moderation/learning/test_lesson.py"
_LEARN = "tests/usecases/test_learn.py"
_PROMISES = "tests/usecases/test_promises.py"
_DESK = "tests/web/test_samples_at_the_desk.py"

LEARNING = (
    Breakage(
        "of two changes at once none is undone",
        "service/usecases/models.py",
        "now = await learning.lock_learning(held, site.id)",
        "now = await learning.find_learning(held, site.id)",
        "tests/usecases/test_change_models.py",
    ),
    Breakage(
        "labels that contradict the shipped model have no weight",
        "service/moderation/learning/trust.py",
        "    ignored = suspects - borne_out\n",
        "    ignored = suspects - suspects\n",
        f"{_LESSON} {_LEARN}",
    ),
    Breakage(
        "an account that begins to invert its labels is ignored from there on",
        "service/moderation/learning/trust.py",
        "                for row in stretch:\n                    kept[row] = False",
        "                for row in stretch:\n                    kept[row] = True",
        _LESSON,
    ),
    Breakage(
        "two others who agree outweigh the shipped model",
        "service/moderation/learning/trust.py",
        "if m in suspects and supports(",
        "if m not in rows_of and supports(",
        _LESSON,
    ),
    Breakage(
        "one person counts for no more than all others together",
        "service/moderation/learning/trust.py",
        "share = {m: min(1.0, max(ALONE_COUNTS, together - n) / n) for m, n in counts.items()}",
        "share = {m: min(1.0, max(ALONE_COUNTS, together) / n) for m, n in counts.items()}",
        "tests/unit/moderation/learning/test_trust.py",
    ),
    Breakage(
        "nothing is judged by what it taught",
        "service/moderation/learning/lesson.py",
        "[row for row, own in enumerate(parts) if own != part]",
        "list(range(len(parts)))",
        _LESSON,
    ),
    Breakage(
        "a correction that is not better is not used",
        "service/moderation/learning/lesson.py",
        "if before is None or after is None or not _is_better(table, judged, weights, before, after):",
        "if before is None or after is None:",
        _LESSON,
    ),
    Breakage(
        "labels of few people that lean against the shipped model teach nothing",
        "service/moderation/learning/lesson.py",
        "return len(people) < 3 and against is not None and against < 0.5",
        "return len(people) < 1 and against is not None and against < 0.5",
        _LESSON,
    ),
    Breakage(
        "a feature of one or two comments is not learned",
        "service/moderation/learning/training.py",
        "if times >= fewest]",
        "if times >= 1]",
        _LESSON,
    ),
    Breakage(
        "features are stored by bucket alone",
        "service/moderation/learning/example.py",
        "        found[at % BUCKETS] = found.get(at % BUCKETS, 0.0) + value",
        "        found[at] = found.get(at, 0.0) + value",
        "tests/unit/moderation/learning",
    ),
    Breakage(
        "a promise is made only where the bound of the share bears it out",
        "service/moderation/learning/promise.py",
        "if shows(group.right * group.effective, group.effective, promise):",
        "if group.right >= promise:",
        "tests/unit/moderation/learning/test_promise.py",
    ),
    Breakage(
        "a weighed sample makes nobody surer than it is large",
        "service/moderation/learning/promise.py",
        "            effective = weights[at] ** 2 / squares[at]\n",
        "            effective = weights[at]\n",
        "tests/unit/moderation/learning/test_promise.py",
    ),
    Breakage(
        "what was published alone and not drawn says nothing about the promise",
        "service/moderation/learning/labels.py",
        "    return 1.0 / label.share if label.share else None",
        "    return 1.0 / label.share if label.share else 1.0",
        _PROMISES,
    ),
    Breakage(
        "what other checks held says nothing about what the models may publish",
        "service/moderation/learning/site_lesson.py",
        "if weight is not None and label.only_models and len(known)",
        "if weight is not None and len(known)",
        _PROMISES,
    ),
    Breakage(
        "a site that reviews everything goes on doing so, whatever was found",
        "service/usecases/site_models.py",
        '    if policy.publish == "review":\n        return CAUTIOUS',
        '    if policy.publish == "review!":\n        return CAUTIOUS',
        _PROMISES,
    ),
    Breakage(
        "what the cautious default holds is never published alone",
        "service/usecases/site_models.py",
        "abuse_held_above=min(CAUTIOUS.abuse_held_above, found)",
        "abuse_held_above=found",
        _PROMISES,
    ),
    Breakage(
        "a broken promise ends automation",
        "service/moderation/learning/restraint.py",
        'and thresholds.basis == "people"',
        'and thresholds.basis == "nobody"',
        _PROMISES,
    ),
    Breakage(
        "what was taken down beside the list counts only as far as people came with it",
        "service/storage/samples.py",
        "AND drawn_at <= (SELECT max(drawn_at) FROM drawn WHERE answered_at IS NOT NULL)",
        "AND drawn_at IS NOT NULL",
        _PROMISES,
    ),
    Breakage(
        "a sample is answered once",
        "service/storage/samples.py",
        "WHERE site_id = ANY($1::int[]) AND comment_id = $2 AND answered_at IS NULL RETURNING status",
        "WHERE site_id = ANY($1::int[]) AND comment_id = $2 RETURNING status",
        _DESK,
    ),
    Breakage(
        "a sample is answered at the moderator's sites alone",
        "service/storage/samples.py",
        "WHERE site_id = ANY($1::int[]) AND comment_id = $2 AND answered_at IS NULL",
        "WHERE (site_id = ANY($1::int[]) OR true) AND comment_id = $2 AND answered_at IS NULL",
        _DESK,
    ),
    Breakage(
        "a change by hand wins over a lesson that is under way",
        "service/usecases/learn.py",
        "        if now.revision != before.revision:\n",
        "        if now.revision < 0:\n",
        _LEARN,
    ),
    Breakage(
        "only people teach",
        "service/storage/labels.py",
        "WHERE site_id = $1 AND source = 'moderator' ORDER BY id DESC LIMIT 2 * $2::int",
        "WHERE site_id = $1 ORDER BY id DESC LIMIT 2 * $2::int",
        _LEARN,
    ),
    Breakage(
        "what was erased teaches no more",
        "service/storage/learning.py",
        "                                OR learned.learned_at < clock_timestamp() - interval '1 day')))",
        "                                OR false)))",
        _LEARN,
    ),
    Breakage(
        "a site on which learning fails keeps no other waiting",
        "service/storage/learning.py",
        "WHERE (learned.learned_at IS NULL OR learned.learned_at NOT BETWEEN",
        "WHERE (true OR learned.learned_at NOT BETWEEN",
        _LEARN,
    ),
)
