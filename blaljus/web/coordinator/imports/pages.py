"""The coordinator's import: choose files, see what they would change, take it over."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from blaljus.domain.localtime import SchoolYear, local_day
from blaljus.domain.people import Person
from blaljus.i18n import translations
from blaljus.intake.consequence_words import warnings
from blaljus.intake.difference_views import file_views
from blaljus.intake.difference_words import FILE_NAMES, Wording
from blaljus.intake.examples import EXAMPLES, template_csv
from blaljus.usecases.context import Context
from blaljus.usecases.imports.importing import (
    ImportChangedError,
    ImportPreview,
    ImportProblemsError,
    apply_own,
    latest_import,
    preview_own,
)
from blaljus.web.coordinator.imports.files import MAX_PACKED, pack_files, unpack_files
from blaljus.web.coordinator.imports.views import counted, file_helps, problem_groups, year_options
from blaljus.web.forms.problems import Problem
from blaljus.web.forms.reading import LARGEST, Form, FormError, form_key, parse_form, read_form
from blaljus.web.http.body import UPLOAD_BYTES, Files, read_upload
from blaljus.web.page import Flash, Tone, page_of
from blaljus.web.policy import Policy
from blaljus.web.render import go, render_page

HOME = "/samordnare/import"

AnyRequest = Request[Any, Any, Any]
RowId = Annotated[int, msgspec.Meta(ge=1, le=LARGEST)]


class UploadForm(Form):
    """Fields of `templates/coordinator/import.html`, beside the files."""

    municipality: RowId
    school_year: str = ""


class ApplyForm(Form):
    """Fields of `templates/coordinator/import-granska.html`: the same files once more."""

    municipality: RowId
    school_year: str
    fingerprint: str
    files: Annotated[str, msgspec.Meta(max_length=MAX_PACKED)]


@get(HOME, name="import", policy=Policy.COORDINATOR)
async def choose_files(
    request: AnyRequest, person: NamedDependency[Person], context: NamedDependency[Context]
) -> Response[str]:
    """Show how to choose files, what they hold, and who has not answered."""
    return await _start_page(request, person, context)


async def _start_page(
    request: AnyRequest,
    person: Person,
    context: Context,
    errors: Mapping[str, str] | None = None,
    school_year: str = "",
) -> Response[str]:
    language = page_of(request).language
    municipality = person.municipalities[0]
    latest = await latest_import(context, person, municipality)
    return render_page(
        request,
        "coordinator/import.html",
        422 if errors else 200,
        errors=errors or {},
        municipality=municipality,
        years=year_options(SchoolYear.of(local_day(context.clock())), language),
        school_year=school_year,
        helps=file_helps(language),
        latest=latest,
    )


@get(f"{HOME}/granska", name="import-again", policy=Policy.COORDINATOR)
async def start_over() -> Redirect:
    """Lead back to the choice: what was shown came with files."""
    return go(HOME)


@post(
    f"{HOME}/granska",
    name="preview-import",
    policy=Policy.COORDINATOR,
    status_code=200,
    request_max_body_size=UPLOAD_BYTES,
)
async def check(
    request: AnyRequest, person: NamedDependency[Person], context: NamedDependency[Context]
) -> Response[str]:
    """Show every problem of the files, or what they would change; nothing is changed yet."""
    pairs, files = await read_upload(request)
    say = translations(page_of(request).language).gettext
    form = parse_form(pairs, UploadForm)
    if not files:
        errors = {"files": say("Välj minst en fil.")}
        return await _start_page(request, person, context, errors, form.school_year)
    seen = await preview_own(
        context,
        person,
        files,
        municipality=form.municipality,
        school_year=_year(form.school_year),
    )
    return _check_page(request, form.municipality, files, seen)


def _year(text: str) -> SchoolYear | None:
    try:
        return SchoolYear.parse(text) if text else None
    except ValueError:
        raise FormError({"school_year": Problem.NOT_A_CHOICE}, {}) from None


def _check_page(
    request: AnyRequest, municipality: int, files: Files, seen: ImportPreview, status: int = 200
) -> Response[str]:
    language = page_of(request).language
    say = translations(language).gettext
    errors = {"problems": say("Filerna har fel. Inget har lästs in.")} if seen.problems else {}
    changed = say("Något har ändrats sedan du granskade. Så här är det nu.")
    return render_page(
        request,
        "coordinator/import-granska.html",
        422 if errors else status,
        flash=Flash(tone=Tone.WARN, text=changed) if status == 409 else None,  # noqa: PLR2004 -- Conflict
        errors=errors,
        seen=seen,
        municipality=municipality,
        packed=pack_files({n: c for n, c in files.items() if n not in seen.ignored}),
        groups=problem_groups(seen.problems, language),
        views=file_views(seen.difference, language, seen.schools),
        warnings=warnings(seen.follows, Wording(language=language, schools=seen.schools)),
    )


@post(HOME, name="apply-import", policy=Policy.COORDINATOR, request_max_body_size=UPLOAD_BYTES)
async def take_over(
    request: AnyRequest, person: NamedDependency[Person], context: NamedDependency[Context]
) -> Response[Any]:
    """Take over what was shown; show it anew if it is not the same any more."""
    form = await read_form(request, ApplyForm)
    files = unpack_files(form.files)
    if files is None:
        raise FormError({"files": Problem.WRONG_FORMAT}, {})
    year = _year(form.school_year)
    try:
        await apply_own(
            context,
            person,
            await form_key(request),
            files,
            municipality=form.municipality,
            school_year=year,
            fingerprint=form.fingerprint,
        )
    except (ImportChangedError, ImportProblemsError):
        seen = await preview_own(
            context, person, files, municipality=form.municipality, school_year=year
        )
        return _check_page(request, form.municipality, files, seen, status=409)
    return go(f"{HOME}/klart")


@get(f"{HOME}/klart", name="import-done", policy=Policy.COORDINATOR)
async def done(
    request: AnyRequest, person: NamedDependency[Person], context: NamedDependency[Context]
) -> Response[Any]:
    """Show what the latest import did, and which schools have not answered."""
    latest = await latest_import(context, person, person.municipalities[0])
    if latest.counts is None:
        return go(HOME)
    return render_page(
        request,
        "coordinator/import-klart.html",
        counts=counted(latest.counts, page_of(request).language),
        latest=latest,
    )


@get(f"{HOME}/mall/{{name:str}}", name="import-template", policy=Policy.COORDINATOR)
async def template(name: FromPath[str]) -> Response[bytes]:
    """Send an example file that can be filled in with a spreadsheet program."""
    kinds = [kind for kind in EXAMPLES if FILE_NAMES[kind] == name]
    if not kinds:
        raise NotFoundException
    return Response(
        template_csv(kinds[0]),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


HANDLERS = [choose_files, start_over, check, take_over, done, template]
