# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from attrs import define as _define
from attrs import field as _field

from ..codec import (
    AS_IS,
    DecodeError,
    Field,
    FieldsOf,
    Members,
    ResponseModel,
    Spelling,
    decode_list,
    decode_map,
    decode_object,
    enum_text,
    has,
    leave_out,
    misfit,
    new,
    others,
)
from ..models.code_config_type import CodeConfigType
from ..models.data_granularity import DataGranularity
from ..models.managed_code_evaluator import ManagedCodeEvaluator

if TYPE_CHECKING:
    pass

_FIELDS = (
    Field("type", "type", "CodeConfigType", True, False),
    Field("name", "name", "str", True, False),
    Field("variables", "variables", "list[str]", True, False),
    Field("static_params", "static_params", "list[dict[str, Any]]", False, False),
    Field("query_filter", "query_filter", "str | None", False, True),
    Field("data_granularity", "data_granularity", "DataGranularity | None", False, True),
    Field("managed_evaluator", "managed_evaluator", "ManagedCodeEvaluator", False, False),
    Field("code", "code", "str", False, False),
    Field("imports", "imports", "str | None", False, True),
)
_CODE_CONFIG_TYPE = Members(CodeConfigType)
_DATA_GRANULARITY = Members(DataGranularity)
_MANAGED_CODE_EVALUATOR = Members(ManagedCodeEvaluator)


@_define(getstate_setstate=False, repr=False, eq=False)
class CodeConfig(ResponseModel):
    """The code that judges, of the service or one's own.

    Attributes:
        type: Owner of the code.
        name: The name of what is judged; results bear it.
        variables: The variables that the code reads.
        static_params: Values that are the same for all data, each with its name, type and default.
        query_filter: Only data that matches this filter is judged.
        data_granularity: The unit of data that is judged.
        managed_evaluator: The check that the service's own code makes.
        code: The code, where it is one's own.
        imports: The imports that the code needs.
    """

    type: CodeConfigType
    name: str
    variables: list[str]
    static_params: list[dict[str, Any]] | None = None
    query_filter: str | None = None
    data_granularity: DataGranularity | None = None
    managed_evaluator: ManagedCodeEvaluator | None = None
    code: str | None = None
    imports: str | None = None
    additional_properties: dict[str, Any] = _field(init=False, factory=dict)

    fields = FieldsOf(_FIELDS)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model: what was received, unknown members included.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """
        result: dict[str, Any] = {}
        if has(self, "type"):
            result["type"] = enum_text(self.type, "CodeConfigType", spelling)
        if has(self, "name"):
            result["name"] = self.name
        if has(self, "variables"):
            result["variables"] = list(self.variables)
        if has(self, "static_params"):
            result["static_params"] = (
                None if self.static_params is None else [dict(item) for item in self.static_params]
            )
        if has(self, "query_filter"):
            result["query_filter"] = self.query_filter
        if has(self, "data_granularity"):
            result["data_granularity"] = (
                None if self.data_granularity is None else enum_text(self.data_granularity, "DataGranularity", spelling)
            )
        if has(self, "managed_evaluator"):
            result["managed_evaluator"] = (
                None
                if self.managed_evaluator is None
                else enum_text(self.managed_evaluator, "ManagedCodeEvaluator", spelling)
            )
        if has(self, "code"):
            result["code"] = self.code
        if has(self, "imports"):
            result["imports"] = self.imports
        result.update(self.additional_properties)
        return result

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The model of a JSON object, whose lists and maps become the model's own.

        Raises:
            DecodeError: the object does not have the shape of the contract.
        """
        _data = src_dict if isinstance(src_dict, dict) else decode_object(src_dict)
        # What is decoded needs nothing that the constructor does, and pages are made of many.
        _result = new(cls)
        _absent = 0
        try:
            try:
                _raw = _data["type"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.type = _CODE_CONFIG_TYPE[_raw] if isinstance(_raw, str) else CodeConfigType(_raw)
            try:
                _result.name = _data["name"]
            except KeyError:
                _absent += leave_out(_result)
            try:
                _raw = _data["variables"]
            except KeyError:
                _absent += leave_out(_result)
            else:
                _result.variables = _raw if isinstance(_raw, list) else decode_list(_raw)
            if "static_params" in _data:
                _result.static_params = decode_list(
                    _data["static_params"], lambda item: item if isinstance(item, dict) else decode_map(item)
                )
            else:
                _absent += 1
            if "query_filter" in _data:
                _result.query_filter = _data["query_filter"]
            else:
                _absent += 1
            if "data_granularity" in _data:
                _raw = _data["data_granularity"]
                _result.data_granularity = (
                    None
                    if _raw is None
                    else _DATA_GRANULARITY[_raw]
                    if isinstance(_raw, str)
                    else DataGranularity(_raw)
                )
            else:
                _absent += 1
            if "managed_evaluator" in _data:
                _raw = _data["managed_evaluator"]
                _result.managed_evaluator = (
                    _MANAGED_CODE_EVALUATOR[_raw] if isinstance(_raw, str) else ManagedCodeEvaluator(_raw)
                )
            else:
                _absent += 1
            if "code" in _data:
                _result.code = _data["code"]
            else:
                _absent += 1
            if "imports" in _data:
                _result.imports = _data["imports"]
            else:
                _absent += 1
        except (DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            refused = misfit(error, _result, _data)
            # Who looks at the variables of a traceback cannot look at half a model.
            del _result
            raise refused from error
        if len(_data) + _absent != 9:
            _result.additional_properties = others(_data, _FIELDS)
        return _result
