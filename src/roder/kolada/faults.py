"""What can go wrong with Kolada: what, where, and what to do. Nothing has been saved when one is raised."""

from __future__ import annotations

from roder.core.faults import UserFault

NOTHING = "Ingenting har sparats."


class KoladaFault(UserFault):
    """A fetch that did not succeed. ``passing``: trying again later may help. ``absent``: there is no such address."""

    def __init__(self, what: str, *, passing: bool = False, absent: bool = False) -> None:
        super().__init__(f"{what} {NOTHING}")
        self.passing, self.absent = passing, absent


def unreachable(host: str, why: str) -> KoladaFault:
    """The server does not answer."""
    return KoladaFault(
        f"Kolada går inte att nå på {host} ({why}). Kontrollera att servern får gå ut på nätet och försök igen; "
        "går trafiken genom en proxy ska den stå i HTTPS_PROXY.",
        passing=True,
    )


def refused(status: int, url: str) -> KoladaFault:
    """The server answers, but not with what was asked for."""
    if status == 429:
        return KoladaFault(
            "Kolada tar inte emot fler frågor just nu (svar 429). Vänta en stund och hämta igen, gärna färre "
            "nyckeltal.",
            passing=True,
        )
    if status >= 500:
        return KoladaFault(
            f"Kolada svarar med ett fel ({status}) på {url}. Felet är Koladas; försök igen senare. "
            "Fortsätter det kan du skriva till rka@rka.nu.",
            passing=True,
        )
    if status in (400, 404, 422):
        return KoladaFault(
            f"Kolada godtar inte frågan {url} (svar {status}). Kontrollera nyckeltalens id, kommunkoden och åren.",
            absent=status == 404,
        )
    return KoladaFault(f"Kolada svarar {status} på {url}. Kontrollera adressen i RODER_KOLADA_URL.")


def cut_off(url: str) -> KoladaFault:
    """An answer that ends too early."""
    return KoladaFault(f"Svaret från Kolada är avhugget ({url}). Hämta igen.", passing=True)


def a_page(url: str) -> KoladaFault:
    """A page for people where values should be: a proxy, or maintenance."""
    return KoladaFault(
        f"Kolada svarade med en webbsida i stället för värden ({url}). Försök igen senare; händer det igen är det ofta "
        "en proxy som svarar i Koladas ställe.",
        passing=True,
    )


def changed(url: str, field: str, why: str) -> KoladaFault:
    """An answer of another shape than the one known."""
    return KoladaFault(
        f"Svaret från Kolada har ändrat form: fältet ”{field}” i {url} ({why}). Roder behöver rättas innan det går "
        "att hämta; anmäl felet till den som sköter Roder."
    )


def unknown(what: str, codes: list[str]) -> KoladaFault:
    """Codes that Kolada does not have."""
    return KoladaFault(
        f"Kolada har inte {what} {', '.join(codes)}. Kontrollera på kolada.se och rätta; ett id kan ha tagits bort."
    )
