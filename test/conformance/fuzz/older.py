"""Makes random projects fit for an older dbt: python older.py VERSION DIRECTORY…, in place. What 1.9 to 1.12 brought goes: `arguments:` of tests and
snapshots in YAML, functions, keys that are no text; what stays must be understood by that version, or be refused by it."""
from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from typing import Any

import yaml


def adapted(value: Any, version: tuple[int, int]) -> Any:
    if isinstance(value, list):
        return [adapted(each, version) for each in value]
    if not isinstance(value, dict):
        return value
    found: dict[str, Any] = {}
    for key, each in value.items():
        if version < (1, 8) and key == 'data_tests':
            key = 'tests'
        if key in ('tests', 'data_tests') and isinstance(each, list) and version < (1, 10):
            each = [flat_test(test) for test in each]
        found[key if version >= (1, 11) else str(key)] = adapted(each, version)
    return found


def flat_test(test: Any) -> Any:
    if not isinstance(test, dict):
        return test
    if 'test_name' in test:
        return flat(test)
    return {name: flat(given) if isinstance(given, dict) else given for name, given in test.items()}


def flat(given: dict[str, Any]) -> dict[str, Any]:
    rest = {key: value for key, value in given.items() if key != 'arguments'}
    return {**rest, **given['arguments']} if isinstance(given.get('arguments'), dict) else given


def properties(path: Path, version: tuple[int, int]) -> None:
    try:
        data = yaml.safe_load(path.read_text(encoding='utf-8'))
    except yaml.YAMLError:
        return
    if not isinstance(data, dict):
        return
    changed = adapted(data, version)
    if version < (1, 9):
        changed['snapshots'] = [each for each in changed.get('snapshots') or [] if not (isinstance(each, dict) and 'relation' in each)] if path.name != 'dbt_project.yml' else changed.get('snapshots')
    for section, since in (('functions', (1, 11)), ('unit_tests', (1, 8))):
        if version < since:
            changed.pop(section, None)
    path.write_text(yaml.safe_dump({key: each for key, each in changed.items() if each not in (None, [])}, sort_keys=False, allow_unicode=True), encoding='utf-8')


def main(version: tuple[int, int], places: list[Path]) -> None:
    for place in places:
        for path in [*place.rglob('*.yml'), *place.rglob('*.yaml')]:
            if path.name != 'profiles.yml':
                properties(path, version)
        if version < (1, 11):
            for folder in [*place.rglob('functions')]:
                shutil.rmtree(folder)
        if version < (1, 9):
            for path in place.rglob('*.sql'):
                text = path.read_text(encoding='utf-8', errors='surrogateescape')
                if 'endsnapshot' in text and 'target_schema' not in text:
                    path.write_text(re.sub(r'(\{%-?\s*snapshot \w+\s*-?%\})', r"\1{{ config(target_schema='snaps') }}", text), encoding='utf-8', errors='surrogateescape')


if __name__ == '__main__':
    main(tuple(int(each) for each in sys.argv[1].split('.')[:2]), [Path(each) for each in sys.argv[2:]])
