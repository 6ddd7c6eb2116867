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
GET  /in/{token}              VNTSCF
POST /in/{token}              VNTSCF
GET  /kakor                   VNTSCF
GET  /klass                   T
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
GET  /personuppgifter         VNTSCF
GET  /readyz                  VNTSCF
GET  /samordnare/import       CF
POST /samordnare/import       CF
GET  /samordnare/import/granska  CF
POST /samordnare/import/granska  CF
GET  /samordnare/import/klart  CF
GET  /samordnare/import/mall/{name}  CF
GET  /sprak/{language}        VNTSCF
GET  /static/{name}           VNTSCF
GET  /tillganglighet          VNTSCF
POST /ut                      VNTSCF
"""


def access() -> dict[tuple[str, str], str]:
    """Return who gets through, by (method, route)."""
    lines = (line.split() for line in ACCESS.strip().splitlines())
    return {(method, route): who for method, route, who in lines}
