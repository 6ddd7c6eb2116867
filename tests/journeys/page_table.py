"""Where every page of the app is looked at, in which world, by whom.

A line of PAGES: world of served.py, who looks, address with ids in braces (IDS of
test_every_page.py). `visitor` is nobody signed in. GET routes that are no pages: NO_PAGES.
"""

PAGES = """
empty     coordinator  /samordnare
empty     coordinator  /samordnare/korning
empty     coordinator  /samordnare/import
empty     coordinator  /samordnare/verksamheter
empty     coordinator  /samordnare/utskick
empty     coordinator  /samordnare/utskick/andringar
empty     coordinator  /samordnare/platser
empty     coordinator  /samordnare/paminnelser
empty     coordinator  /samordnare/plan
empty     coordinator  /samordnare/logg
empty     coordinator  /samordnare/prognos
empty     coordinator  /samordnare/fordelning
empty     coordinator  /samordnare/kalender
empty     coordinator  /samordnare/kalender/prenumerationer
empty     coordinator  /samordnare/svar
imported  teacher      /klass
imported  teacher      /boka
imported  teacher      /klass/{class}/onskemal
imported  officer      /personal/uppdrag
imported  officer      /personal/tider
imported  officer      /personal/tider/egen-kalender
imported  officer      /personal/kalender
imported  coordinator  /samordnare
imported  coordinator  /samordnare/korning
imported  coordinator  /samordnare/prognos
imported  coordinator  /samordnare/fordelning
imported  coordinator  /samordnare/klass/{class}
imported  coordinator  /samordnare/klass/{class}/varfor
proposed  coordinator  /samordnare
proposed  coordinator  /samordnare/korning
proposed  coordinator  /samordnare/korning/1
searching coordinator  /samordnare
searching coordinator  /samordnare/korning
searching coordinator  /samordnare/korning/1
stopped   coordinator  /samordnare/korning
stopped   coordinator  /samordnare/korning/1
planned   visitor      /
planned   visitor      /logga-in
planned   visitor      /logga-in/skickat
planned   visitor      /tillganglighet
planned   visitor      /personuppgifter
planned   visitor      /kakor
planned   visitor      /hjalp/kalender
planned   visitor      /in/{token}
planned   teacher      /in/{token}
planned   teacher      /klass
planned   teacher      /boka
planned   teacher      /boka/{booking}
planned   teacher      /boka/{booking}/andra
planned   teacher      /boka/{booking}/avboka
planned   teacher      /boka/{booking}/foresla
planned   teacher      /boka/klart/{booking}
planned   teacher      /klass/{class}/kalender
planned   teacher      /narvaro/{booking}
planned   teacher      /konto
planned   teacher      /tillganglighet
planned   officer      /konto
planned   officer      /personal/uppdrag
planned   officer      /personal/uppdrag/{duty}
planned   officer      /personal/uppdrag/{duty}/kan-inte
planned   officer      /personal/uppdrag/{duty}/foresla
planned   officer      /personal/tider
planned   officer      /personal/tider?fran=2027-01-11
planned   officer      /personal/kalender
planned   coordinator  /konto
planned   coordinator  /boka
planned   coordinator  /boka/{booking}
planned   coordinator  /samordnare
planned   coordinator  /samordnare/korning
planned   coordinator  /samordnare/korning/1
planned   coordinator  /samordnare/import
planned   coordinator  /samordnare/import/klart
planned   coordinator  /samordnare/verksamheter
planned   coordinator  /samordnare/verksamheter/{agency}
planned   coordinator  /samordnare/platser
planned   coordinator  /samordnare/paminnelser
planned   coordinator  /samordnare/paminnelser/brev?slag=class-soon&om=booking:{booked}
planned   coordinator  /samordnare/plan
planned   coordinator  /samordnare/prognos
planned   coordinator  /samordnare/fordelning
planned   coordinator  /samordnare/platser/{venue}
planned   coordinator  /samordnare/platser/{venue}/stationer
planned   coordinator  /samordnare/personal/{away}/borta
planned   coordinator  /samordnare/personal/{away}/borta?fran=2027-01-11&till=2027-01-22
planned   coordinator  /samordnare/kalender
planned   coordinator  /samordnare/klass/{class}
planned   coordinator  /samordnare/klass/{class}/avboka
planned   coordinator  /samordnare/pass/{slot}
planned   coordinator  /samordnare/pass/{slot}/utskrift
planned   coordinator  /samordnare/pass/{slot}/korschema
planned   coordinator  /samordnare/pass/{slot}/korschema/platser
planned   coordinator  /samordnare/pass/{slot}/korschema/tider
planned   coordinator  /samordnare/pass/{slot}/korschema/utryckning
planned   coordinator  /samordnare/pass/{slot}/korschema/utskrift
planned   coordinator  /samordnare/pass/{late}/korschema
planned   coordinator  /samordnare/pass/{late}/korschema/utskrift
planned   coordinator  /samordnare/pass/{slot}/stall-in
planned   coordinator  /samordnare/pass/{slot}/bemanna/{station}
planned   coordinator  /samordnare/pass/{slot}/bemanna/{station}?byt={post}
rostered  officer      /personal/tider
rostered  officer      /personal/uppdrag
rostered  officer      /personal/uppdrag/{duty}
rostered  officer      /personal/tider/egen-kalender
rostered  coordinator  /samordnare
rostered  coordinator  /samordnare?vy=tabell
rostered  coordinator  /samordnare/pass/{clash}
told      teacher      /klass
told      teacher      /klass/{class}/onskemal
told      teacher      /boka/{booking}
told      teacher      /narvaro/{booking}
told      officer      /personal/uppdrag
told      officer      /personal/uppdrag/{duty}
told      officer      /personal/tider
told      coordinator  /samordnare
told      coordinator  /samordnare?vy=tabell
told      coordinator  /samordnare?vy=skolor
told      coordinator  /samordnare/klass/{class}
told      coordinator  /samordnare/pass/{slot}
told      coordinator  /samordnare/pass/{slot}/korschema
told      coordinator  /samordnare/pass/{late}/korschema
told      coordinator  /samordnare/fordelning
told      coordinator  /samordnare/utskick
told      coordinator  /samordnare/utskick/andringar
told      coordinator  /samordnare/utskick/andringar/{letter}
told      coordinator  /samordnare/utskick/{message}
told      coordinator  /samordnare/logg
answered  coordinator  /samordnare
answered  coordinator  /samordnare/svar
answered  officer      /personal/uppdrag/{duty}
answered  coordinator  /samordnare/svar/{reply}
"""

NO_PAGES = {
    "/boka/andra": "leads back to the times",
    "/boka/granska": "leads back to the times",
    "/boka/{number}/bekrafta": "leads to the booking",
    "/healthz": "for programs",
    "/kalender/{file}": "a calendar",
    "/samordnare/kalender/fil/{name}": "a calendar",
    "/klass/{class_id}/kalender/granska": "judged on a walk: needs an open address",
    "/personal/kalender/granska": "judged on a walk: needs an open address",
    "/samordnare/kalender/granska": "judged on a walk: needs an open address",
    "/readyz": "for programs",
    "/samordnare/import/granska": "leads back to the import",
    "/samordnare/import/mall/{name}": "a file",
    "/samordnare/klass/{class_id}/granska": "leads back to the class",
    "/samordnare/pass/{slot_id}/bemanna/{station_id}/granska": "leads back to the choice",
    "/samordnare/platser/{venue_id}/alltid-med": "leads to the stations",
    "/samordnare/prognos.csv": "a file",
    "/samordnare/tackning.csv": "a file",
    "/samordnare/tackning.json": "a file",
    "/samordnare/svar/{reply_id}/eml": "a file",
    "/samordnare/utskick/{message_id}/eml": "a file",
    "/samordnare/korning/{number}/framsteg": "a stream of events",
    "/samordnare/pass/{slot_id}/ta-bort/{assignment_id}": "leads to the slot",
    "/sprak/{language}": "leads back",
    "/static/{name}": "a file",
}


def lines() -> list[tuple[str, str, str]]:
    """Return (world, who, address) of every page to look at."""
    split = [line.split() for line in PAGES.strip().splitlines()]
    return [(world, who, address) for world, who, address in split]
