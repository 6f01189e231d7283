#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Judges what `mdev-sdk check --json` and `--sarif` wrote, with a parser that is not ours.

usage: findings.py json|sarif FILE SCHEMA     SCHEMA: of the JSON

Of SARIF 2.1.0 here is what the standard says of the members that we write; another member, or one
in the wrong place, is refused.
"""
import json
import sys

import jsonschema


def obj(required, **members):
    return {"type": "object", "required": required, "additionalProperties": False,
            "properties": members}


def many(items, least=0):
    return {"type": "array", "items": items, "minItems": least}


TEXT = {"type": "string", "minLength": 1}
MESSAGE = obj(["text"], text=TEXT)
LEVEL = {"enum": ["none", "note", "warning", "error"]}
LOCATION = obj(["physicalLocation"], physicalLocation=obj(
    ["artifactLocation"],
    artifactLocation=obj(["uri"], uri={"type": "string", "pattern": "^[A-Za-z0-9/._~%-]+$"}),
    region=obj(["startLine"], startLine={"type": "integer", "minimum": 1},
               startColumn={"type": "integer", "minimum": 1})))
RULE = obj(["id"], id=TEXT, shortDescription=MESSAGE, fullDescription=MESSAGE, help=MESSAGE,
           defaultConfiguration=obj([], level=LEVEL), properties={"type": "object"})
NOTIFICATION = obj(["message"], message=MESSAGE, level=LEVEL, locations=many(LOCATION))
RESULT = obj(["message", "ruleId"], ruleId=TEXT, message=MESSAGE, level=LEVEL,
             locations=many(LOCATION, 1),
             partialFingerprints={"type": "object", "additionalProperties": TEXT},
             baselineState={"enum": ["new", "unchanged", "updated", "absent"]},
             suppressions=many(obj(["kind"], kind={"enum": ["inSource", "external"]})))
INVOCATION = obj(["executionSuccessful"], executionSuccessful={"type": "boolean"},
                 exitCode={"type": "integer"}, toolExecutionNotifications=many(NOTIFICATION))
RUN = obj(["tool"], tool=obj(["driver"], driver=obj(["name"], name=TEXT, version=TEXT,
                                                    rules=many(RULE))),
          invocations=many(INVOCATION), results=many(RESULT))
SARIF = obj(["version", "runs"], version={"const": "2.1.0"}, runs=many(RUN, 1),
            **{"$schema": TEXT})

kind, path, schema = sys.argv[1:]
with open(path, encoding="utf-8") as f:
    document = json.load(f)
if kind == "json":
    with open(schema, encoding="utf-8") as f:
        schema = json.load(f)
    jsonschema.Draft7Validator.check_schema(schema)
else:
    schema = SARIF
    named = {rule["id"] for run in document.get("runs", [])
             for rule in run["tool"]["driver"]["rules"]}
    assert all(row.get("ruleId") in named for run in document["runs"] for row in run["results"])
jsonschema.validate(document, schema)
