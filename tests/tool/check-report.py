#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Judges what `mdev-sdk test --json` and `--junit` wrote, with parsers that are not ours.

usage: check-report.py JSON XML [NAME=VALUE...]    values of the JSON's summary that must be there
"""
import json
import sys
import xml.etree.ElementTree as ElementTree

import jsonschema

with open('docs/schema/test.json', encoding='utf-8') as f:
    schema = json.load(f)
with open(sys.argv[1], encoding='utf-8') as f:
    document = json.load(f)
jsonschema.Draft7Validator.check_schema(schema)
jsonschema.validate(document, schema)

suite = ElementTree.parse(sys.argv[2]).getroot().find('testsuite')
cases = suite.findall('testcase')
of = {kind: [c for c in cases if c.find(kind) is not None] for kind in
      ('failure', 'error', 'skipped')}
errors = len(document['problems']) + (document['kernel_reports'] > 0)
for what, found, need in (
        ('attribute tests', int(suite.get('tests')), len(cases)),
        ('attribute failures', int(suite.get('failures')), len(of['failure'])),
        ('attribute errors', int(suite.get('errors')), len(of['error'])),
        ('attribute skipped', int(suite.get('skipped')), len(of['skipped'])),
        ('test cases', len(cases), len(document['results']) + errors),
        ('errors', len(of['error']), errors),
        ('skips', len(of['skipped']), document['summary']['skipped']),
        ('failures', len(of['failure']) + errors, document['summary']['failed']),
        ('names', [c.get('name') for c in cases][:len(document['results'])],
         [r['name'] for r in document['results']])):
    if found != need:
        sys.exit(f'JUnit: {what}: found {found}, JSON has {need}')
for pair in sys.argv[3:]:
    name, value = pair.split('=')
    if str(document['summary'][name]) != value:
        sys.exit(f'JSON: {name} is {document["summary"][name]}, needed {value}')
