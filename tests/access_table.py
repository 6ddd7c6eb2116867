"""Who may use which route: read it as the specification of access.

Each line: method, route, and who gets through, as letters: V visitor, N signed in without a role,
T teacher, S staff, C coordinator, F coordinator of another municipality. Letters that are missing
get 404; V gets 303 to sign-in (GET) or 401 instead.
"""

ACCESS = """
GET  /                        VNTSCF
GET  /boka                    NTSCF
POST /boka                    NTSCF
GET  /boka/andra              NTSCF
POST /boka/andra              NTSCF
GET  /boka/granska            NTSCF
POST /boka/granska            NTSCF
GET  /boka/klart/{number}     NTSCF
GET  /boka/{number}           NTSCF
GET  /boka/{number}/andra     NTSCF
POST /boka/{number}/andra     NTSCF
GET  /boka/{number}/avboka    NTSCF
POST /boka/{number}/avboka    NTSCF
GET  /boka/{number}/bekrafta  NTSCF
POST /boka/{number}/bekrafta  NTSCF
GET  /healthz                 VNTSCF
GET  /hjalp/kalender          VNTSCF
GET  /in/{token}              VNTSCF
POST /in/{token}              VNTSCF
GET  /kakor                   VNTSCF
GET  /kalender/{file}         VNTSCF
GET  /klass                   T
GET  /klass/{class_id}/kalender  NTSCF
POST /klass/{class_id}/kalender  NTSCF
GET  /klass/{class_id}/kalender/granska  NTSCF
POST /klass/{class_id}/kalender/stang  NTSCF
GET  /klass/{class_id}/onskemal  NTSCF
POST /klass/{class_id}/onskemal  NTSCF
GET  /konto                   NTSCF
POST /konto/inloggning/{session}  NTSCF
POST /konto/inloggningar      NTSCF
POST /konto/sprak             NTSCF
GET  /logga-in                VNTSCF
POST /logga-in                VNTSCF
POST /logga-in/kod            VNTSCF
GET  /logga-in/skickat        VNTSCF
GET  /narvaro/{number}        NTSCF
POST /narvaro/{number}        NTSCF
GET  /personal/kalender       S
POST /personal/kalender       S
GET  /personal/kalender/granska  S
POST /personal/kalender/stang  S
GET  /personal/tider          S
POST /personal/tider          S
POST /personal/tider/angra    S
POST /personal/tider/fyll     S
POST /personal/tider/kopiera  S
GET  /personal/uppdrag        S
GET  /personal/uppdrag/{number}  S
GET  /personal/uppdrag/{number}/kan-inte  S
POST /personal/uppdrag/{number}/svar  S
POST /personal/uppdrag/{number}/utryckning  S
GET  /personuppgifter         VNTSCF
GET  /readyz                  VNTSCF
GET  /samordnare              CF
POST /samordnare              CF
GET  /samordnare/fordelning   CF
GET  /samordnare/klass/{class_id}  CF
POST /samordnare/klass/{class_id}  CF
GET  /samordnare/klass/{class_id}/avboka  CF
POST /samordnare/klass/{class_id}/avboka  CF
GET  /samordnare/klass/{class_id}/granska  CF
POST /samordnare/klass/{class_id}/granska  CF
GET  /samordnare/klass/{class_id}/varfor  CF
GET  /samordnare/korning      CF
POST /samordnare/korning      CF
GET  /samordnare/korning/{number}  CF
POST /samordnare/korning/{number}  CF
GET  /samordnare/korning/{number}/framsteg  CF
GET  /samordnare/logg         CF
GET  /samordnare/pass/{slot_id}  CF
GET  /samordnare/pass/{slot_id}/bemanna/{station_id}  CF
POST /samordnare/pass/{slot_id}/bemanna/{station_id}  CF
GET  /samordnare/pass/{slot_id}/bemanna/{station_id}/granska  CF
POST /samordnare/pass/{slot_id}/bemanna/{station_id}/granska  CF
GET  /samordnare/pass/{slot_id}/korschema  CF
GET  /samordnare/pass/{slot_id}/korschema/platser  CF
POST /samordnare/pass/{slot_id}/korschema/platser  CF
GET  /samordnare/pass/{slot_id}/korschema/utryckning  CF
POST /samordnare/pass/{slot_id}/korschema/utryckning  CF
GET  /samordnare/pass/{slot_id}/korschema/utskrift  CF
GET  /samordnare/pass/{slot_id}/stall-in  CF
POST /samordnare/pass/{slot_id}/stall-in  CF
GET  /samordnare/pass/{slot_id}/ta-bort/{assignment_id}  CF
POST /samordnare/pass/{slot_id}/ta-bort/{assignment_id}  CF
GET  /samordnare/pass/{slot_id}/utskrift  CF
GET  /samordnare/personal/{staff_id}/borta  CF
POST /samordnare/personal/{staff_id}/borta  CF
GET  /samordnare/paminnelser  CF
POST /samordnare/paminnelser  CF
GET  /samordnare/plan         CF
POST /samordnare/plan         CF
GET  /samordnare/platser      CF
POST /samordnare/platser      CF
GET  /samordnare/platser/{venue_id}  CF
POST /samordnare/platser/{venue_id}  CF
GET  /samordnare/platser/{venue_id}/alltid-med  CF
POST /samordnare/platser/{venue_id}/alltid-med  CF
GET  /samordnare/platser/{venue_id}/stationer  CF
POST /samordnare/platser/{venue_id}/stationer  CF
GET  /samordnare/prognos      CF
GET  /samordnare/prognos.csv  CF
GET  /samordnare/tackning.csv  CF
GET  /samordnare/tackning.json  CF
GET  /samordnare/svar         CF
POST /samordnare/svar         CF
GET  /samordnare/utskick      CF
GET  /samordnare/utskick/{message_id}  CF
POST /samordnare/utskick/{message_id}  CF
GET  /samordnare/utskick/{message_id}/eml  CF
GET  /samordnare/verksamheter  CF
GET  /samordnare/verksamheter/{agency_id}  CF
POST /samordnare/verksamheter/{agency_id}  CF
GET  /samordnare/import       CF
POST /samordnare/import       CF
GET  /samordnare/import/granska  CF
POST /samordnare/import/granska  CF
GET  /samordnare/import/klart  CF
GET  /samordnare/import/mall/{name}  CF
GET  /samordnare/kalender     CF
POST /samordnare/kalender     CF
GET  /samordnare/kalender/fil/{name}  CF
GET  /samordnare/kalender/granska  CF
GET  /samordnare/kalender/prenumerationer  CF
POST /samordnare/kalender/stang  CF
GET  /sprak/{language}        VNTSCF
GET  /static/{name}           VNTSCF
GET  /tillganglighet          VNTSCF
POST /ut                      VNTSCF
"""


def access() -> dict[tuple[str, str], str]:
    """Return who gets through, by (method, route)."""
    lines = (line.split() for line in ACCESS.strip().splitlines())
    return {(method, route): who for method, route, who in lines}
