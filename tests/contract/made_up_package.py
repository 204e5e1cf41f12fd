"""A small package in the form of the vendor's: the generated modules of one resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

API = """
class WidgetsApi:
    @validate_call
    def list_widgets(
        self,
        name: Annotated[Optional[Annotated[str, Field(strict=True, max_length=255)]], Field(description="Name")] = None,
        kind: Annotated[Optional[WidgetKind], Field(description="By kind")] = None,
        limit: Annotated[Optional[Annotated[int, Field(le=100, strict=True, ge=1)]], Field(description="Most")] = None,
        _request_timeout: Union[None, Annotated[StrictFloat, Field(gt=0)]] = None,
    ) -> ListWidgetsResponse:
        _response_types_map: Dict[str, Optional[str]] = {'200': "ListWidgetsResponse", '401': "Problem"}

    def list_widgets_with_http_info(self, name: Optional[StrictStr] = None) -> ApiResponse[ListWidgetsResponse]:
        pass

    def _list_widgets_serialize(self, name, kind, limit, _headers) -> RequestSerialized:
        if name is not None:
            _query_params.append(('name', name))
        if kind is not None:
            _query_params.append(('kind', kind.value))
        if limit is not None:
            _query_params.append(('limit', limit))
        return self.api_client.param_serialize(method='GET', resource_path='/v2/widgets', query_params=_query_params)

    def update_widget(
        self,
        widget_id: Annotated[StrictStr, Field(description="The widget")],
        update_widget_request: Annotated[Optional[UpdateWidgetRequest], Field(description="The body")] = None,
    ) -> Widget:
        _response_types_map: Dict[str, Optional[str]] = {'200': "Widget", '204': None}

    def _update_widget_serialize(self, widget_id, update_widget_request) -> RequestSerialized:
        if widget_id is not None:
            _path_params['widget_id'] = widget_id
        if update_widget_request is not None:
            _body_params = update_widget_request
        return self.api_client.param_serialize(method='PATCH', resource_path='/v2/widgets/{widget_id}')

    def delete_gadget(self, gadget_id: StrictStr) -> None:
        _response_types_map: Dict[str, Optional[str]] = {'204': None}

    def _delete_gadget_serialize(self, gadget_id) -> RequestSerialized:
        _path_params['gadget_id'] = gadget_id
        return self.api_client.param_serialize(method='DELETE', resource_path='/v2/gadgets/{gadget_id}')
"""
MODELS = {
    "widget_kind": '''
class WidgetKind(str, Enum):
    """The kind."""
    ROUND = 'ROUND'
    SQUARE = 'SQUARE'

    @classmethod
    def from_json(cls, json_str: str) -> Self:
        return cls(json.loads(json_str))
''',
    "widget": """
class Widget(BaseModel):
    id: StrictStr = Field(description="The id")
    kind: Optional[WidgetKind] = None
    made_at: Optional[datetime] = Field(description="When")
    weight: Union[StrictFloat, StrictInt] = Field(alias="Weight")
    labels: Optional[Dict[str, StrictStr]] = None
    parts: Optional[Annotated[List[StrictStr], Field(min_length=1, max_length=9)]] = None
    origin: StrictStr = Field(description="Where from")
    additional_properties: Dict[str, Any] = {}
    __properties: ClassVar[List[str]] = ["id", "kind", "made_at", "Weight", "labels", "parts", "origin"]

    @field_validator('origin')
    def origin_validate_enum(cls, value):
        if value not in set(['HERE', 'THERE']):
            raise ValueError("must be one of enum values ('HERE', 'THERE')")
        return value

    model_config = ConfigDict(populate_by_name=True)

    def to_dict(self) -> Dict[str, Any]:
        if self.made_at is None and "made_at" in self.model_fields_set:
            _dict['made_at'] = None
        return _dict

    @classmethod
    def from_dict(cls, obj):
        return cls.model_validate(obj)
""",
    "list_widgets_response": """
class ListWidgetsResponse(BaseModel):
    widgets: List[Widget] = Field(description="The widgets")
""",
    "problem": """
class Problem(BaseModel):
    title: StrictStr
    status: StrictInt
""",
    "rename_widget": """
class RenameWidget(BaseModel):
    name: Annotated[str, Field(min_length=1, strict=True, max_length=255)] = Field(description="Its new name")

    @field_validator('name')
    def name_validate_regular_expression(cls, value):
        if not re.match(r"^[^\\"]*$", value):
            raise ValueError("must validate")
        return value

    @classmethod
    def from_dict(cls, obj):
        raise ValueError("Error due to additional fields (not defined in RenameWidget) in the input: " + _key)
""",
    "weigh_widget": """
class WeighWidget(BaseModel):
    weight: Optional[Union[Annotated[float, Field(le=1, strict=True, ge=0)], Annotated[int, Field(le=1, ge=0)]]] = None
    notes: Optional[Any] = None
    holder: Optional[WidgetKind] = None

    def to_dict(self) -> Dict[str, Any]:
        if self.holder is None and "holder" in self.model_fields_set:
            _dict['holder'] = None
        return _dict
""",
    "update_widget_request": """
class UpdateWidgetRequest(BaseModel):
    # data type: RenameWidget
    anyof_schema_1_validator: Optional[RenameWidget] = None
    # data type: WeighWidget
    anyof_schema_2_validator: Optional[WeighWidget] = None
    actual_instance: Optional[Union[RenameWidget, WeighWidget]] = None
    any_of_schemas: Set[str] = { "RenameWidget", "WeighWidget" }
""",
}
# It raises where it is run.
UNRUN = "raise SystemExit('the package was run')\n"


def make_package(folder: Path, version: str = "2.0.0", **changed: str) -> Path:
    """Write the package into a folder, as an installer would; `changed` replaces or adds modules of models."""
    (folder / f"arize-{version}.dist-info").mkdir(parents=True)
    client = folder / "arize" / "_generated" / "api_client"
    for part, modules in (("api", {"widgets_api": API}), ("models", MODELS | changed)):
        (client / part).mkdir(parents=True)
        for name, source in modules.items():
            (client / part / f"{name}.py").write_text(UNRUN + source, encoding="utf-8")
    (folder / "arize" / "__init__.py").write_text(UNRUN, encoding="utf-8")
    return folder
