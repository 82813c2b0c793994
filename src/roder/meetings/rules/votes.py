"""Proposals, votes and what they come to: the order of propositions, sums, ties, and the procedure in words.

Pure. Källa: kommunallagen (2017:725) 5 kap. om hur ärenden avgörs, som även gäller nämnder: enkel majoritet, öppen
omröstning, ordförandens utslagsröst vid lika röstetal; vid val och anställning sluten omröstning, och lottning vid
lika röstetal. Rätten att avstå: 4 kap. 25 §.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from roder.core.words import capital_first, joined

YES, NO, ABSTAINS, AWAY = "yes", "no", "abstains", "away"
CHOICES = (YES, NO, ABSTAINS, AWAY)
WORDS = {YES: "ja", NO: "nej", ABSTAINS: "avstår", AWAY: "frånvarande"}


@dataclass(frozen=True)
class Sums:
    """How many voted how."""

    yes: int = 0
    no: int = 0
    abstained: int = 0
    away: int = 0

    @property
    def total(self) -> int:
        """All who are counted."""
        return self.yes + self.no + self.abstained + self.away


def count(choices: Iterable[str]) -> Sums:
    """The sums of votes name by name."""
    counted = Counter(choices)
    return Sums(counted[YES], counted[NO], counted[ABSTAINS], counted[AWAY])


def ballot_faults(
    given: Iterable[tuple[int, str]],
    serving: Collection[int],
    barred: Collection[int] = (),
    *,
    whole: bool = True,
) -> dict[int, str]:
    """What is wrong with votes name by name, at whom. ``given`` may hold the same member more than once.

    ``whole``: everybody who serves must be there, so that the sums equal those who serve.
    """
    given = list(given)
    faults: dict[int, str] = {}
    times = Counter(key for key, _ in given)
    for key, choice in given:
        if times[key] > 1:
            faults[key] = "Ledamoten har röstat mer än en gång. Låt en röst stå kvar."
        elif choice not in CHOICES:
            faults[key] = "Välj ja, nej, avstår eller frånvarande."
        elif choice != AWAY and key in barred:
            faults[key] = "Ledamoten är jävig i ärendet och får inte rösta. Ta bort rösten."
        elif choice != AWAY and key not in serving:
            faults[key] = "Ledamoten tjänstgör inte och får inte rösta. Rätta närvaron eller ta bort rösten."
    if whole:
        for key in serving:
            if key not in times and key not in barred:
                faults[key] = "Röst saknas. Välj ja, nej, avstår eller frånvarande."
    return faults


def sums_fault(sums: Sums, serving: int) -> str:
    """What is wrong when sums and those who serve do not agree; empty when they do."""
    if sums.total == serving:
        return ""
    more = sums.total > serving
    return (
        f"Rösterna är {sums.total}, men {serving} tjänstgör: {abs(sums.total - serving)} för "
        f"{'många' if more else 'få'}. Räkna om eller rätta närvaron."
    )


@dataclass(frozen=True)
class Result:
    """What a vote came to. ``outcome``: yes, no, chair (casting vote) or lot; ``won``: the side. ``needs`` is what
    must be said first at a tie ("casting" or "lot"), and then there is no outcome."""

    outcome: str = ""
    won: str = ""
    needs: str = ""


def result(sums: Sums, *, election: bool = False, chair: str = "", lot: str = "") -> Result:
    """What the sums come to: simple majority; at a tie the chair's casting vote, in elections the lot.

    ``chair`` is the side that the chair's vote is on, ``lot`` the side that the lot fell on.
    """
    if sums.yes != sums.no:
        won = YES if sums.yes > sums.no else NO
        return Result(won, won)
    decides = lot if election else chair
    if decides not in (YES, NO):
        return Result(needs="lot" if election else "casting")
    return Result("lot" if election else "chair", decides)


# --- proposals and propositions -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Motion:
    """A proposal in session: who made it in words ("M 2 (M) och C 1 (C)"), its kind and its words."""

    key: int
    kind: str
    who: str
    text: str = ""


#: first whether it is to be decided today at all, then what, then changes and additions to it
ORDER = ("return", "defer", "approve", "reject", "change", "add")


def order_of_propositions(motions: Iterable[Motion]) -> list[list[Motion]]:
    """The propositions in the order that they are put, each with what stands against each other.

    First whether the case is to be decided today (återremiss, bordläggning: each against deciding today), then the
    main proposal with what is set against it (avslag), then each change and each addition by itself.
    """
    motions = list(motions)
    found = [[one] for kind in ORDER[:2] for one in motions if one.kind == kind]
    main = [one for kind in ORDER[2:4] for one in motions if one.kind == kind]
    if main:
        found.append(main)
    found += [[one] for kind in ORDER[4:] for one in motions if one.kind == kind]
    return found


def propositions_in_words(motions: Iterable[Motion]) -> list[str]:
    """The propositions in order, a line for each: what the chair puts."""
    kinds = {"approve": "bifall", "reject": "avslag"}
    asks = {"return": "återremitteras", "defer": "bordläggas"}
    found = []
    for group in order_of_propositions(motions):
        first = group[0]
        if first.kind in asks:
            found.append(f"Ska ärendet avgöras i dag, eller {asks[first.kind]}? Yrkande av {first.who}.")
        elif first.kind in kinds:
            against = " mot ".join(dict.fromkeys(kinds[one.kind] for one in group))
            found.append(f"Huvudförslaget: {against}.")
        else:
            word = "Ändring" if first.kind == "change" else "Tillägg"
            found.append(f"{word} av {first.who}: ”{_plain(first.text)}”.")
    return found


def _plain(text: str) -> str:
    return text.strip().rstrip(".")


def proposal_text(motion: Motion) -> str:
    """A proposal in words, as the minutes have it: "M 2 (M) yrkar bifall till förslaget."."""
    quoted = f": ”{_plain(motion.text)}”" if motion.text.strip() else ""
    said = {
        "approve": "yrkar bifall till förslaget",
        "reject": "yrkar avslag på förslaget",
        "return": "yrkar att ärendet återremitteras",
        "defer": "yrkar att ärendet bordläggs",
        "change": "yrkar följande ändring",
        "add": "yrkar följande tillägg",
    }[motion.kind]
    return f"{motion.who} {said}{quoted}."


@dataclass(frozen=True)
class Held:
    """A vote that was held: what yes and no mean, its sums and what it came to."""

    yes_means: str
    no_means: str
    sums: Sums
    outcome: str
    won: str
    closed: bool = False


@dataclass(frozen=True)
class Conclusion:
    """What a decision is about, for its procedure in words. ``body`` in definite form: "nämnden"."""

    body: str
    outcome: str = ""
    motions: Sequence[Motion] = ()
    votes: Sequence[Held] = ()
    carried: Mapping[int, bool | None] | None = None


ENDS = {
    "approved": "att {body} beslutar enligt förslaget",
    "changed": "att {body} beslutar enligt förslaget med de ändringar som har bifallits",
    "rejected": "att {body} avslår förslaget",
    "returned": "att {body} beslutar att återremittera ärendet",
    "deferred": "att {body} beslutar att bordlägga ärendet",
    "withdrawn": "att ärendet utgår",
    "noted": "att {body} noterar informationen",
}
ASKS = {
    "return": "om ärendet ska avgöras i dag eller återremitteras",
    "defer": "om ärendet ska avgöras i dag eller bordläggas",
    "change": "ändringsyrkandet från {who}",
    "add": "tilläggsyrkandet från {who}",
}


def procedure(at: Conclusion) -> str:
    """The procedure in plain formal Swedish, proposed from proposals and votes; to be changed by the secretary.

    Without proposals that stand against each other, and without a vote, there is nothing to tell: empty.
    """
    motions = list(at.motions)
    if not at.votes and not any(one.kind != "approve" for one in motions):
        return ""
    groups = order_of_propositions(motions)
    found = [_put(group, at) for group in groups if group[0].kind not in ("change", "add")]
    for position, vote in enumerate(at.votes):
        found += _voted(vote, position)
    found += [_put(group, at) for group in groups if group[0].kind in ("change", "add")]
    if at.outcome in ENDS:
        lead = "Utifrån resultatet av voteringen finner" if at.votes else "Ordföranden finner"
        end = ENDS[at.outcome].format(body=at.body)
        found.append(f"{lead} ordföranden {end}." if at.votes else f"{lead} {end}.")
    return "\n".join(found)


def _put(group: list[Motion], at: Conclusion) -> str:
    first = group[0]
    if first.kind in ASKS:
        asked = ASKS[first.kind].format(who=first.who)
        put = f"Ordföranden ställer proposition {'på ' if first.kind in ('change', 'add') else ''}{asked}"
        carried = (at.carried or {}).get(first.key)
        if carried is None:
            return f"{put}."
        return f"{put} och finner att {at.body} {'bifaller' if carried else 'avslår'} yrkandet."
    against = joined([one.who for one in group if one.kind == "reject"])
    if not against:
        return "Ordföranden ställer proposition på förslaget."
    put = f"Ordföranden ställer proposition på förslaget och på yrkandet om avslag från {against}"
    if at.votes:
        return f"{put}."
    return (
        f"{put}, och finner att {at.body} {'avslår' if at.outcome == 'rejected' else 'bifaller'} förslaget."
    )


def _voted(vote: Held, position: int) -> list[str]:
    again = " på nytt" if position else ""
    how = "sluten omröstning" if vote.closed else "votering"
    sums = f"{vote.sums.yes} ja och {vote.sums.no} nej"
    if vote.sums.abstained:
        sums += f"; {vote.sums.abstained} avstår"
    found = [
        f"{capital_first(how)} begärs{again} och genomförs.",
        f"Ja betyder {_plain(vote.yes_means)}. Nej betyder {_plain(vote.no_means)}.",
        f"Utfallet blir {sums}.",
    ]
    if vote.outcome == "chair":
        found.append(f"Rösterna är lika många. Ordförandens utslagsröst avgör: {WORDS[vote.won]}.")
    elif vote.outcome == "lot":
        found.append(f"Rösterna är lika många. Lotten avgör: {WORDS[vote.won]}.")
    return found


def points_text(points: Sequence[str]) -> str:
    """Decision points as one text: numbered when they are several."""
    if len(points) == 1:
        return points[0]
    return "\n".join(f"{number}. {text}" for number, text in enumerate(points, start=1))


def derived(kind: str, outcome: str) -> bool | None:
    """Whether a proposal of a kind was carried, as far as a decision's outcome says it; None when it does not."""
    if outcome in ("withdrawn", "noted", ""):
        return None
    if kind in ("return", "defer"):
        return outcome == {"return": "returned", "defer": "deferred"}[kind]
    if outcome in ("returned", "deferred"):
        return None
    if kind == "reject":
        return outcome == "rejected"
    if kind == "approve":
        return outcome in ("approved", "changed")
    return outcome == "changed"
