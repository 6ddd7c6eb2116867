"""Who may use which route: read it as the specification of access.

Each line: method, route, and who gets through, as letters: V visitor, N signed in without a role,
T teacher, S staff, C coordinator, F coordinator of another municipality. Letters that are missing
get 404; V gets 303 to sign-in (GET) or 401 instead.
"""

ACCESS = """
GET  /                        VNTSCF
GET  /healthz                 VNTSCF
GET  /in/{token}              VNTSCF
POST /in/{token}              VNTSCF
GET  /kakor                   VNTSCF
GET  /konto                   NTSCF
POST /konto/inloggning/{session}  NTSCF
POST /konto/inloggningar      NTSCF
POST /konto/sprak             NTSCF
GET  /logga-in                VNTSCF
POST /logga-in                VNTSCF
POST /logga-in/kod            VNTSCF
GET  /logga-in/skickat        VNTSCF
GET  /personuppgifter         VNTSCF
GET  /readyz                  VNTSCF
GET  /sprak/{language}        VNTSCF
GET  /static/{name}           VNTSCF
GET  /tillganglighet          VNTSCF
POST /ut                      VNTSCF
"""


def access() -> dict[tuple[str, str], str]:
    """Return who gets through, by (method, route)."""
    lines = (line.split() for line in ACCESS.strip().splitlines())
    return {(method, route): who for method, route, who in lines}
