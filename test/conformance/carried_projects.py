"""Lays out the dbt projects that packages of the Python registry carry: python carried_projects.py PACKAGES DIRECTORY.

PACKAGES: a directory made by `venvs.sh carried` (dbt-tests-adapter, elementary-data, pytest; without their requirements).
Runs with dbt 1.12's Python. Each test class of dbt-tests-adapter whose fixtures are plain data becomes one project
(DIRECTORY/MODULE.Class), equal ones once; elementary's project is copied. They are made for a run and never committed.
"""
import hashlib
import importlib
import inspect
import json
import shutil
import sys
import textwrap
from pathlib import Path
from typing import Any

import yaml

PACKAGES, DIRECTORY = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
sys.path.insert(0, str(PACKAGES))
PLACES = {'models': 'models', 'properties': 'models', 'seeds': 'seeds', 'snapshots': 'snapshots', 'macros': 'macros',
          'tests': 'tests', 'analyses': 'analyses', 'functions': 'functions'}
PROFILES = {'test': {'target': 'default', 'outputs': {'default': {'type': 'duckdb', 'path': 'dbt.duckdb', 'schema': 'test_schema', 'threads': 1}}}}
# What the harness of those tests provides; anything else that a fixture wants makes its class no plain data.
GIVEN = {'unique_schema': 'test_schema', 'prefix': 'test', 'dbt_profile_target': PROFILES['test']['outputs']['default'], 'logs_dir': 'logs',
         'profiles_config_update': {}, 'project_setup': None}


class NotPlain(Exception):
    pass


def value_of(cls: type, name: str, depth: int = 0) -> Any:
    if not hasattr(cls, name):
        if name in GIVEN:
            return GIVEN[name]
        raise NotPlain(name)
    attribute = inspect.getattr_static(cls, name)
    function = getattr(attribute, '_fixture_function', None) or getattr(getattr(attribute, '__pytest_wrapped__', None), 'obj', None) or attribute
    if not callable(function) or depth > 5:
        raise NotPlain(name)
    wanted = [each for each in inspect.signature(function).parameters if each != 'self']
    found = function(*([cls()] if 'self' in inspect.signature(function).parameters else []), *(value_of(cls, each, depth + 1) for each in wanted))
    if inspect.isgenerator(found):
        raise NotPlain(name)
    return found


def write(place: Path, tree: dict[str, Any]) -> None:
    for name, content in tree.items():
        path = place / name
        if isinstance(content, dict):
            path.mkdir(parents=True, exist_ok=True)
            write(path, content)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            text = content if isinstance(content, str) else yaml.safe_dump(content)
            path.write_text(text if name.endswith('.csv') else textwrap.dedent(text).strip() + '\n' if name.endswith(('.yml', '.yaml')) else text)


def project_of(cls: type) -> dict[str, Any] | None:
    files: dict[str, Any] = {}
    for fixture, folder in PLACES.items():
        if hasattr(cls, fixture):
            tree = value_of(cls, fixture)
            if isinstance(tree, dict) and tree:
                files[folder] = {**files.get(folder, {}), **tree}
    if not files.get('models') and not files.get('snapshots') and not files.get('seeds'):
        return None
    update = value_of(cls, 'project_config_update') if hasattr(cls, 'project_config_update') else {}
    update = yaml.safe_load(update) if isinstance(update, str) else update or {}
    files['dbt_project.yml'] = yaml.safe_dump({'name': 'test', 'profile': 'test', 'flags': {'send_anonymous_usage_stats': False}, **update})
    if hasattr(cls, 'packages') and value_of(cls, 'packages'):
        raise NotPlain('packages')
    files['profiles.yml'] = yaml.safe_dump(PROFILES)
    return files


def main() -> None:
    import dbt.tests.adapter as root

    seen, skipped = set(), {}
    home = Path(root.__path__[0])
    for file in sorted(home.rglob('*.py')):
        label = '.'.join(file.relative_to(home).with_suffix('').parts)
        try:
            module = importlib.import_module(f'dbt.tests.adapter.{label}')
        except Exception as problem:  # a module that wants another package
            skipped[label] = repr(problem)
            continue
        for name, cls in inspect.getmembers(module, inspect.isclass):
            if cls.__module__ != module.__name__:
                continue
            try:
                files = project_of(cls)
            except Exception as problem:
                skipped[f'{label}.{name}'] = repr(problem)
                continue
            digest = hashlib.sha256(json.dumps(files, sort_keys=True, default=str).encode()).hexdigest()
            if files is None or digest in seen:
                continue
            seen.add(digest)
            write(DIRECTORY / f'{label}.{name}', files)
    elementary = PACKAGES / 'elementary' / 'monitor' / 'dbt_project'
    if elementary.exists():
        shutil.copytree(elementary, DIRECTORY / 'elementary', dirs_exist_ok=True)
        for name in ('packages.yml', 'package-lock.yml'):  # its packages come from dbt's hub
            (DIRECTORY / 'elementary' / name).unlink(missing_ok=True)
        text = yaml.safe_dump(PROFILES).replace('test:', 'elementary:', 1)
        (DIRECTORY / 'elementary' / 'profiles.yml').write_text(text)
    print(f'{len(seen)} projects of test classes, {len(skipped)} classes skipped')
    for name, why in sorted(skipped.items()):
        print(f'  {name}: {why}', file=sys.stderr)


if __name__ == '__main__':
    main()
