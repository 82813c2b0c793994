"""The order of lines in a file: a voucher's head, its opening brace, its rows, its closing brace."""

from __future__ import annotations

from roder.economy.sie.fields import FieldError

#: What a line is to the order: another record, a voucher's head, an opening brace, a row, a closing brace.
OTHER, HEAD, OPEN, ROW, CLOSE = 1, 2, 3, 4, 5
#: Which kinds may follow each other, as ten times the first and the second.
ALLOWED = frozenset(
    10 * before + after
    for before, follow in {
        OTHER: (OTHER, HEAD),
        HEAD: (OPEN,),
        OPEN: (ROW, CLOSE),
        ROW: (ROW, CLOSE),
        CLOSE: (OTHER, HEAD),
    }.items()
    for after in follow
)
INSIDE = (HEAD, OPEN, ROW)
_CUT = "Ta ut filen igen: den kan vara avklippt, eller så har rader fallit bort."


def order_fault(before: int, after: int) -> FieldError:
    """Words for two kinds of lines that may not follow each other."""
    if before in INSIDE and after in (OTHER, HEAD):
        return FieldError("verifikationen före den här raden är inte avslutad med }", _CUT)
    if before == HEAD:
        return FieldError("verifikationen på raden före har inget { efter #VER", _CUT)
    if after == ROW:
        return FieldError("en transaktion står utanför en verifikation", _CUT)
    if after == OPEN:
        return FieldError("{ står utan #VER på raden före", _CUT)
    return FieldError("} står utan en verifikation att avsluta", _CUT)


def cut_fault() -> FieldError:
    """Words for a file that ends inside a voucher."""
    return FieldError(
        "filen slutar mitt i en verifikation",
        "Filen är avklippt. Ta ut den igen och kontrollera dess storlek.",
    )


def unbalanced(series: str, number: str, left: str) -> FieldError:
    """Words for a voucher whose rows do not add up to zero; ``left`` is the difference in kronor."""
    return FieldError(
        f"verifikation {series} {number} går inte jämnt ut: {left} kronor skiljer".replace("  ", " "),
        "Rätta verifikationen i ekonomisystemet, eller ta ut filen igen om rader har fallit bort.",
    )
