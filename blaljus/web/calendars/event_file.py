"""A calendar file of one event, to open in a calendar program: `/boka/417302.ics`."""

from litestar import Response

from blaljus.web.http.attachment import attachment

FILE_ENDING = ".ics"


def event_file(body: bytes, number: int) -> Response[bytes]:
    """Return the file; `number` is what it is called by."""
    headers = attachment(f"blaljusdag {number}", FILE_ENDING)
    return Response(body, media_type="text/calendar", headers=headers)
