"""A JSON Schema as editors want it: Taplo, which completes TOML in most of them, reads draft 4."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from sim.scenario.checks import IN_FORCE
from sim.toml.shown import shown, span

DRAFT = "http://json-schema.org/draft-04/schema#"
DROPPED = ("unit", "source", "evidence", "off", "mechanism", "alone", "equation", "left_out", "title")  # ours; "Name" for "name"


def editor_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of a model with unit, range, off value and source in each description."""
    rewritten = _rewritten(model.model_json_schema())
    assert isinstance(rewritten, dict)
    return {"$schema": DRAFT, **rewritten}


def _rewritten(node: Any) -> Any:
    if isinstance(node, list):
        return [_rewritten(entry) for entry in node]
    if not isinstance(node, dict):
        return node.replace("#/$defs/", "#/definitions/") if isinstance(node, str) else node
    changed = {key: _rewritten(entry) for key, entry in node.items() if isinstance(entry, dict) or key not in DROPPED}
    if "default" in node and (node["default"] is None or isinstance(node["default"], dict)):
        del changed["default"]  # a whole table; its keys have defaults of their own
    if isinstance(node.get("unit"), str):
        changed["description"] = _description(node)
    elif isinstance(node.get("description"), str):
        changed["description"] = node["description"].partition("\n\n")[0]  # of a docstring, what is for everybody
    if node.get("unit") == "policy":
        changed["enum"] = list(IN_FORCE)
    if "const" in changed:  # draft 4 has no const, and a discriminator is OpenAPI's
        changed["enum"] = [changed.pop("const")]
    changed.pop("discriminator", None)
    if "$defs" in changed:
        changed["definitions"] = changed.pop("$defs")
    if "prefixItems" in changed:
        changed["items"] = changed.pop("prefixItems")
    if "$ref" in changed and len(changed) > 1:  # draft 4 ignores what stands beside a $ref
        changed["allOf"] = [{"$ref": changed.pop("$ref")}]
    return changed


def _description(node: dict[str, Any]) -> str:
    limits: dict[str, Any] = next((entry for entry in (node, *node.get("anyOf", ())) if {"minimum", "maximum"} <= entry.keys()), {})
    parts = [f"{node.get('description', '')}."]
    if node["unit"] not in ("1", "-", "text"):
        parts.append(f"Unit: {node['unit']}.")
    if limits:
        smallest = node.get("not", {}).get("maximum")
        parts.append(f"From {span(limits['minimum'], limits['maximum'], smallest)}.")
    if node.get("default") is not None:
        parts.append(f"Default: {shown(node['default'])}.")
    if "off" in node:
        parts.append(f"Off: {shown(node['off'])}.")
    if "source" in node:
        parts.append(f"Source ({node.get('evidence', '')}): {node['source']}.")
    return " ".join(parts)
