"""Made-up words for the synthetic events: what happened, where, and what was done at once."""

# ruff: noqa: E501 - tables of made-up text, a row each
from __future__ import annotations

PLACES: dict[str, tuple[str, ...]] = {
    "boende": ("lägenheten", "badrummet", "korridoren", "matsalen", "dagrummet", "uteplatsen", "sovrummet"),
    "hem": ("hemmet", "badrummet hemma", "trapphuset", "köket hemma", "hallen hemma"),
    "lss": ("lägenheten", "gemensamma köket", "bussen till daglig verksamhet", "verkstaden", "tvättstugan"),
}

#: type -> cause code (empty: none of the model's) -> how common, what may be written
EVENTS: dict[str, dict[str, tuple[int, tuple[str, ...]]]] = {
    "fall": {
        "egen_aktivitet": (
            72,
            (
                "Hittades sittande på golvet vid sängen. Ingen hade sett fallet.",
                "Gled av stolen när hen skulle resa sig på egen hand.",
                "Snubblade på vägen till toaletten.",
                "Föll vid rullatorn, kunde själv berätta hur det gick till.",
                "Hittades på golvet vid morgontillsynen.",
            ),
        ),
        "": (
            28,
            (
                "Tappade fotfästet vid förflyttning med personal.",
                "Satt för långt fram i rullstolen och gled ner på golvet.",
                "Nära att falla vid utevistelsen, personal hann stötta.",
            ),
        ),
    },
    "lakemedel": {
        "dos_ej_given": (38, ("Kvällsdosen låg kvar i påsen.", "Morgondosen överlämnades inte.", "Dosen klockan två glömdes.")),
        "ej_signerad": (34, ("Dosen är given men signering saknas.", "Signeringslistan var tom för passet.")),
        "signerad_ej_given": (16, ("Signerat som givet, men tabletterna fanns kvar.", "Plåstret var signerat men inte bytt.")),
        "dosett_fel": (12, ("Dosetten saknade en tablett i onsdagsfacket.", "Dosetten var delad för fel vecka.")),
    },
    "omvardnad": {
        "personalbrist": (36, ("Duschen blev inte av, passet var en person kort.", "Promenaden ställdes in, ingen kunde gå med.")),
        "tidsbrist": (26, ("Tillsynen kom en timme för sent.", "Matstunden blev kortare än planerat.")),
        "glomts": (18, ("Kvällstillsynen glömdes.", "Stödstrumporna togs inte av till natten.")),
        "ej_planerad": (12, ("Besöket fanns inte i planeringen.", "Den nya insatsen var inte inlagd i schemat.")),
        "bemotandestrategi": (8, ("Den överenskomna strategin följdes inte och situationen blev orolig.",)),
    },
    "bemotande": {
        "personal": (42, ("Hen upplevde att personalen talade över huvudet på hen.", "Tonen vid hjälpen upplevdes som kort och hård.")),
        "brukare": (46, ("Två boende blev osams i dagrummet.", "Höjd röst och knuffar i samband med fikat.")),
        "mellan_professioner": (12, ("Samtalet med jouren upplevdes inte respektfullt.",)),
    },
    "informationsoverforing": {
        "mellan_arbetslag": (30, ("Nattpersonalen hade inte fått veta om ändringen.", "Rapporten nådde inte nästa pass.")),
        "planering": (26, ("Besöket föll bort när planeringen ändrades.",)),
        "utskrivning": (24, ("Hemkomsten från sjukhus var inte känd i arbetslaget.",)),
        "bestallning": (10, ("Beställningen hade skickats till fel enhet.",)),
        "boende_daglig": (10, ("Daglig verksamhet hade inte fått veta om resan.",)),
    },
    "dokumentation": {
        "ej_omprovat": (48, ("Beslutet gick ut utan att ha omprövats.",)),
        "ej_omkodat": (20, ("Insatsen låg kvar på fel område efter flytten.",)),
        "digital_signering": (32, ("Den digitala signeringen saknas för insatsen.",)),
    },
    "medicinteknik": {
        "rengoring": (28, ("Hygienstolen var inte rengjord.", "Sängen var inte rengjord när den lämnades tillbaka.")),
        "medicinskap": (18, ("Medicinskåpet stod olåst.",)),
        "larm": (34, ("Larmmattan var inte påslagen.", "Dörrlarmet hade inte aktiverats till natten.")),
        "ordination_rehab": (20, ("Liften användes inte så som rehab har beskrivit.",)),
    },
}  # fmt: skip

REGION: dict[str, tuple[str, ...]] = {
    "till_region": (
        "Ordinationen vid hemgången gick inte att tyda.",
        "Ingen svarade på mottagningens telefon under förmiddagen.",
        "Ändrad dos meddelades inte den som delar läkemedlen.",
        "Hemgång utan att vårdplanen var klar.",
    ),
    "fran_region": (
        "Rutinen före bedömning på sjukhus hade inte följts.",
        "Provet var inte taget enligt rutin.",
        "Underlaget som följde med var inte komplett.",
    ),
}

DONE: dict[str, tuple[str, ...]] = {
    "fall": ("Kontrollerad från huvud till fot, sjuksköterska kontaktad.", "Hjälp upp med lyft, tillsyn under kvällen.", "Sjuksköterska på plats."),
    "lakemedel": ("Sjuksköterska kontaktad, ny tid för dosen.", "Signerat i efterhand efter kontroll.", "Läkemedlet togs om hand."),
    "omvardnad": ("Insatsen gavs senare samma dag.", "Meddelat planeringen.", "Ny tid bestämd."),
    "bemotande": ("Samtal med dem det gällde.", "Enhetschef underrättad."),
    "informationsoverforing": ("Rättat i planeringen.", "Muntlig rapport till arbetslaget."),
    "dokumentation": ("Anmält till handläggare.", "Rättat i journalen."),
    "medicinteknik": ("Åtgärdat på plats.", "Hjälpmedlet togs ur bruk.", "Rehab kontaktad."),
}  # fmt: skip
