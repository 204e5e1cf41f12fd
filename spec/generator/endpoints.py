"""The operations of a contract: arguments, bodies and answers, as the modules of operations have them."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from .contract import ContractError, mapping, operations, path_items
from .expressions import Expressions, text
from .names import PREFIX, arguments, module_name
from .shapes import EnumShape, ListShape, MapShape, ModelShape, Shape, Union

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .contract import Document
    from .schemas import Schemas

LOCATIONS = ("path", "query", "header", "cookie")
JSON, FORM, MULTIPART = "application/json", "application/x-www-form-urlencoded", "multipart/form-data"
ANY = frozenset({"*/*", "application/*"})
IN_PATH = re.compile(r"\{([^{}]*)\}")
STYLES_IN_PATH = frozenset({"simple", "label", "matrix"})
SUCCESS = re.compile(r"2(\d\d|XX)")


class Argument(NamedTuple):
    """A parameter of an operation, as an argument of its functions.

    Attributes:
        name: the name in the contract.
        location: where it goes: `path`, `query`, `header` or `cookie`.
        python: the name of the argument.
        shape: its values.
        required: True if it has to be given.
        description: the contract's words on it.
        style: how several values are put into one parameter.
        explodes: True if each of several values is a parameter of its own.
        is_json: True if it is sent as the text of its JSON.
    """

    name: str
    location: str
    python: str
    shape: Shape
    required: bool
    description: str
    style: str
    explodes: bool
    is_json: bool


class Body(NamedTuple):
    """The body of a request.

    Attributes:
        shape: its values.
        required: True if it has to be given.
        description: the contract's words on it.
        media_type: how it is sent.
        styles: of a form, how fields are encoded that the contract says that of, and whether they explode.
        files: of a form of several parts, the fields that are files.
    """

    shape: Shape
    required: bool
    description: str
    media_type: str
    styles: dict[str, tuple[str, bool]]
    files: tuple[str, ...]

    @property
    def is_form(self) -> bool:
        """True for a form whose fields are as those of a query."""
        return _bare(self.media_type) == FORM

    @property
    def is_multipart(self) -> bool:
        """True for a form of several parts."""
        return _bare(self.media_type) == MULTIPART


class Answer(NamedTuple):
    """A response of a success: its status, such as `200`, `2XX` or `default`, and the shape of its body."""

    status: str
    shape: Shape | None


@dataclass
class Endpoint:
    """An operation of the contract."""

    name: str
    tag: str
    method: str
    path: str
    summary: str
    description: str
    arguments: list[Argument] = field(default_factory=list)
    body: Body | None = None
    answers: list[Answer] = field(default_factory=list)

    @property
    def where(self) -> str:
        """Its place in the contract, as messages have it."""
        return f"{self.method} {self.path}"

    def at(self, *locations: str) -> list[Argument]:
        """Return the arguments of these locations."""
        return [each for each in self.arguments if each.location in locations]


class Endpoints:
    """Reads the operations of a contract.

    Attributes:
        found: the operations.
        answered: the shapes of all responses, refusals among them.
        warnings: what is left out, each in a line.
    """

    def __init__(self, contract: Document, schemas: Schemas) -> None:
        self.found: list[Endpoint] = []
        self.answered: list[Shape] = []
        self.warnings: list[str] = []
        self._schemas = schemas
        items = path_items(contract)
        for path, method, operation in operations(contract):
            self._read(path, method, items[path], operation)
        _refuse_same_names(self.found)

    def _read(self, path: str, method: str, item: Document, operation: Document) -> None:
        told = operation.get("operationId")
        # Without a "_" in the place of each "/", `repos/get` and `reposget` would be one.
        name = str(told or f"{method}_{re.sub('[{}]', '', path).strip('/')}").replace("/", "_")
        tags = operation.get("tags") or ["default"]
        endpoint = Endpoint(
            name=module_name(name, PREFIX),
            tag=module_name(str(tags[0]), "tag"),
            method=method.upper(),
            path=path,
            summary=str(operation.get("summary") or ""),
            description=str(operation.get("description") or ""),
        )
        if {"?", "#"} & {*path}:
            raise ContractError(f"{endpoint.where}: a path has no query and no fragment: no server would see this one")
        endpoint.arguments = self._arguments(endpoint, item, operation)
        if "requestBody" in operation:
            endpoint.body = self._body(endpoint, operation["requestBody"])
        self._answers(endpoint, mapping(operation.get("responses")))
        self.found.append(endpoint)

    def _arguments(self, endpoint: Endpoint, item: Document, operation: Document) -> list[Argument]:
        found: dict[tuple[str, str], tuple[Document, str]] = {}
        for number, told in enumerate([*operation.get("parameters", []), *item.get("parameters", [])]):
            parameter, where = self._schemas.resolve(told, f"{endpoint.where}: parameters[{number}]")
            key = (str(parameter.get("name")), str(parameter.get("in")))
            if key[1] not in LOCATIONS:
                raise ContractError(f"{where}: a parameter in {key[1]!r}")
            # Those of the operation come before those of its path.
            is_own = number < len(operation.get("parameters", []))
            if is_own and key in found:
                raise ContractError(f"{endpoint.where}: {key[0]!r} in {key[1]} stands twice")
            found.setdefault(key, (parameter, where))
        ordered = sorted(found, key=lambda key: LOCATIONS.index(key[1]))
        in_path = IN_PATH.findall(endpoint.path)
        declared = [name for name, location in ordered if location == "path"]
        if {*in_path} != {*declared}:
            wrong = min({*in_path} ^ {*declared})
            has = "no parameter" if wrong in in_path else "not in the path"
            raise ContractError(f"{endpoint.where}: {{{wrong}}} is {has}")
        ordered = [*dict.fromkeys((name, "path") for name in in_path), *(key for key in ordered if key[1] != "path")]
        pythons = arguments(ordered)
        return [
            self._argument(endpoint, *found[key], python=python) for key, python in zip(ordered, pythons, strict=True)
        ]

    def _argument(self, endpoint: Endpoint, parameter: Document, where: str, *, python: str) -> Argument:
        name, location = str(parameter["name"]), str(parameter["in"])
        content = mapping(parameter.get("content"))
        media_type = next((each for each in content if is_json(each)), None)
        if content and media_type is None:
            raise ContractError(f"{where}: {name!r} is sent as {', '.join(content)}")
        schema = mapping(content[media_type]).get("schema", True) if media_type else parameter.get("schema", True)
        shape = self._schemas.shape(schema, f"{where}.{name}", f"{endpoint.name} {name}")
        words = "" if isinstance(schema, bool) else self._schemas.described(schema, where)
        if parameter.get("style") is not None and location == "path" and parameter["style"] not in STYLES_IN_PATH:
            raise ContractError(f"{where}: {name!r} of the path cannot be of style {parameter['style']!r}")
        style = str(parameter.get("style") or ("form" if location in {"query", "cookie"} else "simple"))
        return Argument(
            name=name,
            location=location,
            python=python,
            shape=shape,
            required=location == "path" or parameter.get("required") is True,
            description=words or str(parameter.get("description") or ""),
            style=style,
            explodes=bool(parameter.get("explode", style in {"form", "deepObject"})),
            is_json=media_type is not None,
        )

    def _body(self, endpoint: Endpoint, told: object) -> Body | None:
        request, where = self._schemas.resolve(told, f"{endpoint.where}: requestBody")
        content = mapping(request.get("content"))
        forms = [each for each in content if _bare(each) in {FORM, MULTIPART}]
        kept = next(iter([*self._json_in(content), *forms, *self._anything_in(content, where)]), "")
        self._warn(endpoint, "takes", [each for each in content if each != kept])
        if not kept:
            return None
        schema = mapping(content[kept]).get("schema", True)
        shape = self._schemas.shape(schema, f"{where}.content.{kept}", f"{endpoint.name} Body")
        if _bare(kept) in {FORM, MULTIPART} and not isinstance(shape, ModelShape | MapShape):
            self._warn(endpoint, "takes", [kept])
            return None
        words = "" if isinstance(schema, bool) else self._schemas.described(schema, where)
        encoding = mapping(mapping(content[kept]).get("encoding"))
        plain = self._schemas.plain(schema, where) if forms else {}
        files = tuple(
            name
            for name, inner in mapping(plain.get("properties")).items()
            if _is_file(self._schemas.plain(inner, where), self._schemas)
        )
        media_type = _bare(kept) if kept in forms else kept
        return Body(shape, request.get("required") is True, words, media_type, _styles(encoding), files)

    def _json_in(self, content: Document) -> list[str]:
        """Return the media types that are JSON, that of plain JSON first."""
        return sorted(filter(is_json, content), key=lambda each: _bare(each) != JSON)

    def _anything_in(self, content: Document, where: str) -> list[str]:
        """Return the media types that stand for any, where their schema is none of a text: that is JSON then."""
        told = [(each, mapping(content[each]).get("schema")) for each in content if _bare(each) in ANY]
        plain = [(each, self._schemas.plain(schema, where)) for each, schema in told if isinstance(schema, dict)]
        return [each for each, schema in plain if schema.get("type") != "string"]

    def _answers(self, endpoint: Endpoint, told: Document) -> None:
        answers: list[Answer] = []
        for status, value in told.items():
            if status.startswith("x-"):
                continue
            if not re.fullmatch(r"default|[1-5](\d\d|XX)", status):
                raise ContractError(f"{endpoint.where}: responses.{status} is no status")
            response, where = self._schemas.resolve(value, f"{endpoint.where}: responses.{status}")
            # What is told of a HEAD is what a GET would be answered with.
            content = {} if endpoint.method == "HEAD" else mapping(response.get("content"))
            kept = next(iter([*self._json_in(content), *self._anything_in(content, where)]), None)
            # What has no schema may be no body at all, as many a contract means it.
            kept = kept if "schema" in mapping(content.get(kept or "")) else None
            self._warn(endpoint, "answers with", [each for each in content if each != kept])
            shape = None
            if kept is not None:
                hint = f"{endpoint.name} Response {status}"
                shape = self._schemas.shape(content[kept]["schema"], f"{where}.content.{kept}", hint)
                self.answered.append(shape)
            answers.append(Answer(status, shape))
        successes = [each for each in answers if SUCCESS.fullmatch(each.status)]
        if not successes:
            successes = [each for each in answers if each.status == "default"]
        endpoint.answers = sorted(successes, key=lambda each: each.status)

    def _warn(self, endpoint: Endpoint, verb: str, media_types: list[str]) -> None:
        self.warnings += [f"{endpoint.where} {verb} {each}, which is left out" for each in media_types]


class EndpointCode:
    """An operation in expressions of Python, for the template of its module."""

    def __init__(self, endpoint: Endpoint, schemas: Schemas) -> None:
        self.endpoint = endpoint
        self._schemas = schemas
        self._sent = Expressions(schemas, is_strict=True, is_late=False)
        self._received = Expressions(schemas, is_strict=False, is_late=False)
        answers = [each for each in endpoint.answers if each.shape is not None] or endpoint.answers[:1]
        answers += [each for each in endpoint.answers if each not in answers]
        # One status comes before a range of them.
        self.answers = sorted(answers, key=lambda each: "X" in each.status)

    @property
    def returns(self) -> str:
        """The type of what a success says."""
        shapes = [each.shape for each in self.answers]
        types = [self._received.type_of(shape) for shape in shapes if shape is not None]
        return " | ".join(dict.fromkeys([*types, *(["None"] if None in shapes or not shapes else [])]))

    @property
    def body_type(self) -> str:
        """The type of the body."""
        return self._sent.type_of(self.endpoint.body.shape) if self.endpoint.body else ""

    def type_of(self, argument: Argument) -> str:
        """Return the type of an argument."""
        return self._sent.type_of(argument.shape)

    @property
    def body(self) -> str:
        """The JSON of the body."""
        body = self.endpoint.body
        if body is not None and body.is_form:
            return f"form_body(body, dialect, {body.styles!r})"
        if body is not None and body.is_multipart:
            return f"multipart_body(body, dialect, {body.files!r})"
        shapes = () if body is None else body.shape.variants if isinstance(body.shape, Union) else (body.shape,)
        if all(isinstance(shape, ModelShape) for shape in shapes):
            return "request_body(body, dialect)"
        given = self._sent.encode(body.shape, "body") if body else ""
        if body is not None and isinstance(body.shape, EnumShape):
            # For type checkers, to which the text of an enum is any object.
            given = "encode_value(body, spelling)"
        spelled = given.replace("spelling)", "DIALECTS[dialect].spelling)")
        return spelled if body and body.required else f"None if isinstance(body, Unset) else {spelled}"

    @property
    def path(self) -> str:
        """The path with its parameters, as a literal."""
        named = {each.name: each for each in self.endpoint.at("path")}
        parts = IN_PATH.split(self.endpoint.path)
        if not named:
            return text(self.endpoint.path)
        written = [
            f"{{{self._segment(named[part])}}}"
            if number % 2
            else text(part)[1:-1].replace("{", "{{").replace("}", "}}")
            for number, part in enumerate(parts)
        ]
        return f'f"{"".join(written)}"'

    def pairs(self, *locations: str) -> list[str]:
        """Return the names and values of the parameters of these locations."""
        return [self._pair(each) for each in self.endpoint.at(*locations)]

    @staticmethod
    def _segment(each: Argument) -> str:
        if each.is_json:
            return f"path_segment(json_text({each.python}, dialect))"
        if each.style == "simple" and not _may_hold_others(each.shape):
            return f"path_segment({each.python}, dialect)"
        explodes = ", explodes=True" if each.explodes else ""
        # Within a literal in double quotes there are single ones.
        name = text(each.name)[1:-1].replace("'", "\\'")
        return f"path_text('{name}', {each.python}, dialect, '{each.style}'{explodes})"

    def _pair(self, each: Argument) -> str:
        name, python = text(each.name), each.python
        if each.is_json:
            return f"({name}, json_text({python}, dialect))"
        is_list = isinstance(each.shape, ListShape) and not _may_hold_others(each.shape.item)
        is_plain = (each.explodes and each.style != "deepObject") or each.location == "header"
        if (is_list and is_plain) or not _may_hold_others(each.shape):
            return f"({name}, {python})"
        explodes = "" if each.explodes == (each.location != "header") else f", explodes={each.explodes}"
        if each.location == "header":
            return f"({name}, styled_text({python}, dialect{explodes}))"
        style = "" if each.style == "form" else f", {text(each.style)}"
        return f"*styled_pairs({name}, {python}, dialect{style}{explodes})"

    @property
    def headers(self) -> str:
        """The headers of the request, cookies among them; empty where it has none."""
        given = [f"*query_pairs(({', '.join(pairs)},), dialect)" for pairs in [self.pairs("header")] if pairs]
        given += [f"*cookie_pairs(({', '.join(pairs)},), dialect)" for pairs in [self.pairs("cookie")] if pairs]
        body = self.endpoint.body
        if body is not None and is_json(body.media_type) and body.media_type != JSON and "*" not in body.media_type:
            given.append(f'("Content-Type", {text(body.media_type)})')
        return f"({', '.join(given)},)" if given else ""

    @property
    def decoded(self) -> list[tuple[str, str]]:
        """Return for each success a condition on the status and the decoder; the condition of the last one is empty."""
        rows = []
        for number, answer in enumerate(self.answers):
            is_last = number == len(self.answers) - 1
            shape = answer.shape
            decoder = "" if shape is None else self._received.decoder(shape) or "decode_anything"
            rows.append(("" if is_last else _condition(answer.status), decoder))
        return rows

    def imports(self, *, of_answers: bool) -> list[str]:
        """Return the imports of models: those that answers are decoded with, or all."""
        answered = [each.shape for each in self.answers if each.shape is not None]
        sent = [each.shape for each in self.endpoint.arguments]
        sent += [self.endpoint.body.shape] if self.endpoint.body else []
        return sorted({*self._imports(answered if of_answers else [*answered, *sent])})

    def _imports(self, shapes: list[Shape]) -> Iterator[str]:
        classes: dict[str, Any] = {**self._schemas.models, **self._schemas.enums}
        for shape in shapes:
            for inner in shape:
                if isinstance(inner, ModelShape | EnumShape):
                    found = classes[inner.name]
                    yield f"from ...models.{found.module} import {found.name}"


def is_json(media_type: str) -> bool:
    """Return True for a media type whose content is JSON."""
    bare = _bare(media_type)
    return bare == JSON or bare.endswith("+json")


def _may_hold_others(shape: Shape) -> bool:
    """Return True for a shape of arrays or objects, and for that of any value."""
    return any(type(each) is Shape or isinstance(each, ListShape | MapShape | ModelShape) for each in shape)


def _styles(encoding: Document) -> dict[str, tuple[str, bool]]:
    """Return how fields of a form are encoded that say so."""
    styles = {}
    for name, told in encoding.items():
        style = mapping(told).get("style")
        if style is not None or "explode" in mapping(told):
            style = str(style or "form")
            styles[name] = (style, bool(mapping(told).get("explode", style in {"form", "deepObject"})))
        elif is_json(str(mapping(told).get("contentType", ""))):
            styles[name] = ("json", False)
    return styles


def _is_file(schema: Document, schemas: Schemas) -> bool:
    """Return True for a schema of the content of a file, or of several."""
    items = schemas.plain(schema["items"], "items") if isinstance(schema.get("items"), dict) else {}
    return any(
        each.get("format") == "binary" or ("contentMediaType" in each and "contentEncoding" not in each)
        for each in (schema, items)
    )


def _bare(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()


def _condition(status: str) -> str:
    return f"status_code // 100 == {status[0]}" if status.endswith("XX") else f"status_code == {status}"


def _refuse_same_names(found: list[Endpoint]) -> None:
    places = defaultdict(list)
    for endpoint in found:
        places[endpoint.name].append(endpoint.where)
    for name, same in places.items():
        if len(same) > 1:
            raise ContractError(f"{' and '.join(same)} are both called {name!r} in Python: give them operationIds")
