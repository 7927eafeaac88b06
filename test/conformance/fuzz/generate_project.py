"""Composes a random but valid dbt project: python generate_project.py FIRST [COUNT] DIRECTORY makes DIRECTORY/pFIRST ….

The same seed gives the same bytes. Profiles: dev and prod on DuckDB, pg, sf and others for names alone. Needs PyYAML (any
environment of dbt has it). What dbt refuses is kept too: a refusal must be understood as well.
"""
from __future__ import annotations

import random
import shutil
import sys
from pathlib import Path
from typing import Any

import yaml

import bodies
import configs
from bodies import Target

FOLDERS = ['staging', 'staging/raw', 'marts', 'marts/core', 'marts/core/deep', 'misc', 'a b', 'nightly']
PROFILES = {
    'dev': {'type': 'duckdb', 'path': 'dev.duckdb', 'schema': 'dev_me'},
    'prod': {'type': 'duckdb', 'path': 'prod.duckdb', 'schema': 'analytics'},
    'pg': {'type': 'postgres', 'host': 'h', 'user': 'u', 'password': 'p', 'port': 5432, 'dbname': 'pgdb', 'schema': 'pg_me', 'threads': 1},
    'sf': {'type': 'snowflake', 'account': 'a', 'user': 'u', 'password': 'p', 'database': 'sfdb', 'warehouse': 'w', 'schema': 'sf_me'},
    'bq': {'type': 'bigquery', 'method': 'oauth', 'project': 'bqp', 'dataset': 'bq_me', 'threads': 1},
}


class Package:
    """One project of the two or three: the root or an installed package."""

    def __init__(self, name: str, rng: random.Random, root: bool) -> None:
        self.name, self.rng, self.root = name, rng, root
        self.files: dict[str, str] = {}
        self.schemas: dict[str, dict[str, list[Any]]] = {}
        self.refable: list[Target] = []
        self.private: list[tuple[Target, str]] = []
        self.sources: list[tuple[str, str]] = []
        self.docs: list[str] = []
        self.groups: list[str] = []
        self.literal_refs: dict[str, list[str]] = {}

    def declare(self, folder: str, section: str, entry: Any) -> None:
        path = f'{folder}/{self.rng.choice(["schema.yml", "_more.yaml", "props.yml"])}'
        self.schemas.setdefault(path, {}).setdefault(section, []).append(entry)

    def text(self, path: str, text: str) -> None:
        self.files[path] = text.replace('@PROJECT@', self.name)


class Composer:
    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        rng = self.rng
        self.root = Package(f'shop{seed % 7}', rng, True)
        self.packages = [Package(name, rng, False) for name in ['alpha', 'beta'][: rng.choice([0, 0, 1, 1, 2])]]
        self.counter = 0
        self.size = rng.choice([6, 10, 16, 25, 40])
        self.names: dict[str, int] = {}

    def compose(self) -> dict[str, str]:
        for package in self.packages:
            self.fill(package, max(3, self.size // 4))
        self.fill(self.root, self.size)
        found: dict[str, str] = {'profiles.yml': dump({each: {'target': 'dev', 'outputs': PROFILES} for each in ['warehouse']})}
        for package in [self.root, *self.packages]:
            prefix = '' if package.root else f'dbt_packages/{package.name}/'
            for path, text in package.files.items():
                found[prefix + path] = text
            for path, sections in package.schemas.items():
                body = {'version': 2, **sections} if self.rng.random() < 0.7 else dict(sections)
                found[prefix + path] = dump(body, self.rng)
        if self.packages:
            found['packages.yml'] = dump({'packages': [{'local': f'dbt_packages/{each.name}'} for each in self.packages]})
        return found

    def fill(self, package: Package, size: int) -> None:
        rng = self.rng
        self.macros(package)
        self.oddities(package)
        for _ in range(rng.randint(0, 3)):
            name = f'text_{len(package.docs)}'
            package.docs.append(name)
            package.files.setdefault('models/docs.md', '')
            package.files['models/docs.md'] += f'{{% docs {name} %}}\nAbout **{name}**, with é.\n\n* a list\n{{% enddocs %}}\n\n'
        for _ in range(rng.choice([0, 0, 1, 2])):
            group = f'{package.name}_g{len(package.groups)}'
            package.groups.append(group)
            package.declare('models', 'groups', {'name': group, 'owner': {'name': 'Someone', 'email': 'a@b.c'}})
        for index in range(rng.randint(0, 2)):
            self.source(package, index)
        for index in range(rng.randint(0, 3)):
            self.seed(package, index)
        for _ in range(size):
            self.model(package)
        for index in range(rng.randint(0, 2)):
            self.snapshot(package, index)
        if package.root:
            for index in range(rng.randint(0, 2)):
                self.singular(package, index)
            for index in range(rng.randint(0, 2)):
                self.exposure(package, index)
            for index in range(rng.randint(0, 2)):
                self.analysis(package, index)
            if package.literal_refs and rng.random() < 0.5:
                self.unit_test(package)
        self.project_file(package)

    def oddities(self, package: Package) -> None:
        """Paths, ignored files, selectors, the semantic layer: what few projects have."""
        rng = self.rng
        if rng.random() < 0.2:
            package.text('.dbtignore', 'models/misc/skipped*\n# comment\n*.bak.sql\n')
            package.text('models/misc/skipped_one.sql', "select * from {{ ref('nowhere') }}")
        if rng.random() < 0.2:
            package.text('more_models/extra/from_more.sql', 'select 1 as id')
            package.more_paths = True
        if package.root and rng.random() < 0.25:
            package.text('selectors.yml', dump({'selectors': [{'name': 'nightly', 'definition': {'union': ['tag:amber', {'method': 'path', 'value': 'models/marts'}]}}]}))
        if package.root and rng.random() < 0.2:
            package.text('models/time_spine.sql', 'select 1 as day')
            package.declare('models', 'models', {'name': 'time_spine', 'time_spine': {'standard_granularity_column': 'day'}, 'columns': [{'name': 'day', 'granularity': 'day'}]})
            package.text('models/facts.sql', 'select 1 as id, 2 as amount, now() as at')
            package.declare('models', 'semantic_models', {'name': 'facts_sm', 'model': "ref('facts')", 'defaults': {'agg_time_dimension': 'at'}, 'entities': [{'name': 'fact', 'type': 'primary', 'expr': 'id'}],
                                                          'dimensions': [{'name': 'at', 'type': 'time', 'type_params': {'time_granularity': 'day'}}], 'measures': [{'name': 'total', 'agg': 'sum', 'expr': 'amount', 'create_metric': rng.random() < 0.5}]})
            package.declare('models', 'metrics', {'name': 'all_money', 'label': 'All', 'type': 'simple', 'type_params': {'measure': 'total'}, 'filter': "{{ Dimension('fact__at') }} > 1", 'config': {'meta': {'a': 1}, 'tags': ['money']}})
            package.declare('models', 'metrics', {'name': 'half', 'label': 'Half', 'type': 'derived', 'type_params': {'expr': 'aa / 2', 'metrics': [{'name': 'all_money', 'alias': 'aa'}]}})
            package.declare('models', 'saved_queries', {'name': 'saved', 'query_params': {'metrics': ['all_money'], 'group_by': ["TimeDimension('fact__at', 'day')"]}, 'exports': [{'name': 'out', 'config': {'export_as': 'table', 'schema': 'exports'}}]})
        if package.root and rng.random() < 0.25:
            package.text('models/nightly/micro.sql', "{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='at', begin='2024-01-01', batch_size='day', lookback=2) }}\nselect 1 as id, now() as at")
        if rng.random() < 0.3:
            package.text('models/misc/constrained.sql', "{{ config(materialized='table', contract={'enforced': true}) }}\nselect 1 as id, 'x' as name")
            package.declare('models/misc', 'models', {'name': 'constrained', 'constraints': [{'type': 'primary_key', 'columns': ['id']}, {'type': 'check', 'expression': 'id > 0', 'name': 'positive_id'}],
                                                      'columns': [{'name': 'id', 'data_type': 'integer', 'constraints': [{'type': 'not_null'}, {'type': 'unique', 'warn_unenforced': False}]}, {'name': 'name', 'data_type': 'varchar'}]})
            self.add(package, Target('constrained', package.name))
        if rng.random() < 0.2:
            package.text('models/misc/_anchors.yml', 'x: &common {severity: warn, tags: [anchored]}\nmodels:\n  - name: anchored\n    config: {meta: {when: 2024-05-06, at: 2024-05-06 07:08:09, yes: on, octal: 010}}\n    columns:\n      - name: id\n        data_tests:\n          - unique: {config: *common}\n          - not_null: {config: {<<: *common, severity: error}}\n')
            package.text('models/misc/anchored.sql', 'select 1 as id')
            self.add(package, Target('anchored', package.name))

    # -- pieces -----------------------------------------------------------------------------------------------------

    def macros(self, package: Package) -> None:
        rng = self.rng
        package.text('macros/helpers.sql', bodies.HELPERS)
        naming = rng.choice(bodies.NAMINGS) if rng.random() < (0.7 if package.root else 0.4) else ''
        if naming:
            package.text('macros/naming/names.sql', naming)
        if rng.random() < 0.3:
            package.text('macros/naming/second.sql', rng.choice(bodies.NAMINGS[3:5] + bodies.NAMINGS[5:7])) if not naming else None
        if rng.random() < 0.6:
            tests = bodies.GENERIC_TESTS
            package.text(rng.choice(['macros/own_tests.sql', 'tests/generic/own_tests.sql']), tests)
            package.has_tests = True
        else:
            package.has_tests = False
        if rng.random() < 0.4:
            package.declare('macros', 'macros', {'name': 'cents', 'description': 'Rounds', 'arguments': [{'name': 'column', 'type': 'string'}]})

    def reach(self, package: Package) -> list[tuple[Target, str]]:
        """What a node of the package may refer to, with the package that has it."""
        found = [(target, package.name) for target in package.refable]
        if package.root:
            for other in self.packages:
                found += [(target, other.name) for target in other.refable]
        return found

    def ref(self, package: Package) -> tuple[str, str] | None:
        options = self.reach(package)
        if not options:
            return None
        target, owner = self.rng.choice(options[-12:] if self.rng.random() < 0.6 else options)
        unique = owner == package.name or self.names[target.name] == 1
        return f'ref({target.arguments(self.rng, package.name, unique)})', target.name

    def description(self, package: Package) -> str:
        rng = self.rng
        if package.docs and rng.random() < 0.4:
            return "{{ doc('" + rng.choice(package.docs) + "') }}"
        return rng.choice(['Plain text.', 'Two\nlines.', "It's \"quoted\" {{ target.name }}", '  spaced  ', 'é ✓', ''])

    def columns(self, package: Package, tests: bool = True, typed: bool = False) -> list[dict[str, Any]]:
        rng = self.rng
        found = []
        for name in rng.sample(['id', 'name', 'day', 'price', 'Weird Name'], rng.randint(1, 3)):
            column: dict[str, Any] = {'name': name}
            if typed or rng.random() < 0.3:
                column['data_type'] = rng.choice(['integer', 'varchar', 'date'])
            if rng.random() < 0.4:
                column['description'] = self.description(package)
            if rng.random() < 0.15:
                column['config'] = {'meta': {'pii': True}, 'tags': ['col']}
            elif rng.random() < 0.15:
                column['meta'] = {'x': 1}
                column['tags'] = ['col_tag']
            if name == 'Weird Name' or rng.random() < 0.05:
                column['quote'] = True
            if tests and rng.random() < 0.5:
                column[rng.choice(['tests', 'data_tests'])] = self.tests_of_column(package)
            found.append(column)
        return found

    def tests_of_column(self, package: Package) -> list[Any]:
        rng = self.rng
        options: list[Any] = ['unique', 'not_null', {'accepted_values': {'values': ['a', 'b', rng.choice(['c', 3, 'd e'])]}}]
        if rng.random() < 0.4:
            options.append({'accepted_values': {'arguments': {'values': [1, 2], 'quote': False}, 'name': f'named_{self.next()}'}})
        options.append({'not_null': {'config': configs.pick('test', rng, rng.randint(1, 3), 'yaml'), 'name': f'nn_{self.next()}'}})
        options.append({'unique': {'where': 'id > 0', 'severity': 'warn', 'tags': ['old', 'form'], 'name': f'uq_{self.next()}'}})
        if rng.random() < 0.1:
            options.append({'name': f'alt_{self.next()}', 'test_name': 'not_null', 'config': {'where': '1=1'}})
        ref = self.ref(package)
        if ref:
            options.append({'relationships': {rng.choice(['arguments', 'arguments']): {'to': ref[0], 'field': 'id'}}} if rng.random() < 0.5 else {'relationships': {'to': ref[0], 'field': rng.choice(['id', 'name'])}})
        if package.sources:
            source, table = rng.choice(package.sources)
            options.append({'relationships': {'to': f"source('{source}', '{table}')", 'field': 'id', 'config': {'where': "x = 'y'"}, 'name': f'rel_src_{self.next()}'}})
        if package.has_tests:
            options.append({'positive': {'floor': rng.choice([1, 2.5, '{{ var("area", "zone") }}'])}})
            options.append({f'{package.name}.positive': {'arguments': {'floor': 7}}})
            if ref:
                options.append({'matches': {'to': ref[0], 'pairs': ['a = 1', "b = 'x'"], 'config': {'tags': ['mine'], 'severity': 'error'}}})
        return rng.sample(options, min(len(options), rng.randint(1, 3)))

    def tests_of_model(self, package: Package) -> list[Any]:
        rng = self.rng
        options: list[Any] = [{'unique': {'column_name': "id || '-' || name"}}, {'not_null': {'arguments': {'column_name': 'lower(name)'}}}]
        if package.has_tests:
            options += [{'rows_at_least': {'n': rng.randint(1, 5)}}, {'rows_at_least': {'arguments': {'n': 10}, 'config': {'severity': 'warn'}, 'name': f'rows_{self.next()}', 'description': 'rows'}}]
        return rng.sample(options, rng.randint(1, min(2, len(options))))

    def next(self) -> int:
        self.counter += 1
        return self.counter

    def add(self, package: Package, target: Target) -> None:
        self.names[target.name] = self.names.get(target.name, 0) + 1
        package.refable.append(target)

    def patch(self, package: Package, kind: str, name: str, chance: float = 0.55) -> dict[str, Any] | None:
        rng = self.rng
        if rng.random() > chance:
            return None
        entry: dict[str, Any] = {'name': name}
        if rng.random() < 0.5:
            entry['description'] = self.description(package)
        if rng.random() < 0.6:
            entry['config'] = configs.pick(kind, rng, rng.randint(1, 4), 'yaml')
            entry['config'].pop('enabled', None) if kind == 'source' else None
            if not entry['config']:
                del entry['config']
        if 'config' not in entry and rng.random() < 0.3:
            entry['tags'] = ['top']
            entry['meta'] = {'top': True}
        if rng.random() < 0.2 and 'docs' not in entry.get('config', {}) and kind != 'source':
            entry['docs'] = {'show': False}
        if rng.random() < 0.6:
            entry['columns'] = self.columns(package)
        if rng.random() < 0.3:
            entry[rng.choice(['tests', 'data_tests'])] = self.tests_of_model(package)
        return entry

    def folder(self) -> str:
        return '/'.join(['models', self.rng.choice(FOLDERS)]) if self.rng.random() < 0.8 else 'models'

    def model(self, package: Package) -> None:
        rng = self.rng
        number = self.next()
        name = f'm_{number}'
        if not package.root and rng.random() < 0.12:
            name = f'shared_{number % 3}'
        if package.root and rng.random() < 0.06 and self.packages:
            name = f'shared_{rng.randint(0, 2)}'
        if any(target.name == name for target in package.refable):
            name = f'm_{number}'
        folder = self.folder()
        roll = rng.random()
        if roll < 0.12:
            return self.versioned(package, name, folder)
        if roll < 0.17 and self.reach(package):
            return self.python(package, name, folder)
        config = configs.pick('model', rng, rng.choice([0, 0, 1, 2, 3, 4]), 'call')
        if rng.random() < 0.08:
            config['alias'] = rng.choice([f'Alias_{number}', f'al {number}', f' pad_{number} '])
        disabled = rng.random() < 0.06
        entry = self.patch(package, 'model', name)
        self.guard_group(package, entry, name)
        if entry and rng.random() < 0.06:
            self.contract(package, entry)
        if disabled and entry and rng.random() < 0.5:
            entry.setdefault('config', {})['enabled'] = False
        elif disabled:
            config['enabled'] = False
        if entry:
            self.declare_patch(package, folder, 'models', entry)
        text = self.body(package, config, name)
        package.text(f'{folder}/{name}.sql', text)
        if not disabled and not (entry and self.is_private(entry)):
            self.add(package, Target(name, package.name))

    def is_private(self, entry: dict[str, Any]) -> bool:
        return 'private' in (entry.get('access'), entry.get('config', {}).get('access'))

    def guard_group(self, package: Package, entry: dict[str, Any] | None, name: str) -> None:
        rng = self.rng
        if entry is None:
            return
        if package.groups and rng.random() < 0.25:
            where = entry if rng.random() < 0.5 else entry.setdefault('config', {})
            where['group'] = rng.choice(package.groups)
            access = rng.choice(['private', 'protected', 'protected'])
            where['access'] = access
        elif rng.random() < 0.1 and package.root:
            entry['access'] = 'protected'

    def contract(self, package: Package, entry: dict[str, Any]) -> None:
        entry.setdefault('config', {})['contract'] = {'enforced': True}
        entry['columns'] = self.columns(package, typed=True)
        entry['config']['materialized'] = 'table'

    def declare_patch(self, package: Package, folder: str, section: str, entry: dict[str, Any]) -> None:
        package.declare(folder if self.rng.random() < 0.8 else folder.split('/')[0], section, entry)

    def body(self, package: Package, config: dict[str, Any], name: str) -> str:
        rng = self.rng
        heads = configs.calls(config, rng)
        first, second = self.ref(package), self.ref(package)
        source = None
        if package.sources and rng.random() < 0.5:
            pair = rng.choice(package.sources)
            source = f"source('{pair[0]}', '{pair[1]}')"
        if first is None or second is None:
            sql = f'select * from {{{{ {source} }}}}' if source else rng.choice(['select 1 as id', "select 1 as id, 'a' as name\n", '\n\nselect 2 as id  '])
        else:
            owner = rng.choice(['', '', f'{package.name}.', *(f'{each.name}.' for each in self.packages if package.root)])
            parts = [bodies.piece(rng, first[0], second[0], source, owner)]
            if rng.random() < 0.3:
                third = self.ref(package)
                parts.append(bodies.piece(rng, third[0], first[0], source, owner))
            sql = rng.choice(['\n\nunion all\n\n', '\n;\n', '\n']).join(parts) + self.probes(package, source)
            if parts[0].startswith('select * from {{ ref(') or 'join {{' in parts[0]:
                package.literal_refs[name] = [first[0]] if parts[0].startswith('select * from {{ ref(') and len(parts) == 1 else package.literal_refs.pop(name, [])
                if not package.literal_refs[name]:
                    del package.literal_refs[name]
        if len(heads) > 1 and rng.random() < 0.4:
            return heads[0] + '\n' + sql + '\n' + '\n'.join(heads[1:]) + rng.choice(['', '\n', '\n\n'])
        return '\n'.join([*heads, sql]) + rng.choice(['', '\n', '\n\n', '  '])

    def probes(self, package: Package, source: str | None) -> str:
        """Lines with one call each, ending in `-- r:KEY`: where a ref goes can be read off the compiled text."""
        rng = self.rng
        calls = [ref[0] for ref in (self.ref(package) for _ in range(rng.choice([0, 1, 1, 2]))) if ref]
        if source and rng.random() < 0.5:
            calls.append(source)
        return ''.join(f'\n-- {{{{ {call} }}}} -- r:k{self.next()}' for call in calls)

    def versioned(self, package: Package, name: str, folder: str) -> None:
        rng = self.rng
        numbers = rng.choice([[1, 2], [1, 2, 3], ['1.5', 2], [1, 'next'], [2, 10]])
        entry = self.patch(package, 'model', name, 1) or {'name': name}
        entry.get('config', {}).pop('alias', None)
        versions = []
        for number in numbers:
            version: dict[str, Any] = {'v': float(number) if number == '1.5' and rng.random() < 0.5 else number}
            if rng.random() < 0.3:
                version['config'] = configs.pick('model', rng, rng.randint(1, 2), 'yaml')
            if rng.random() < 0.15:
                version['config'] = {**version.get('config', {}), 'alias': f'{name}_at_{number}'.replace('.', '_')}
            if rng.random() < 0.2:
                version['defined_in'] = f'{name}_file_{number}'.replace('.', '-')
            if rng.random() < 0.2 and 'columns' in entry:
                version['columns'] = [{'include': 'all', **({'exclude': [entry['columns'][0]['name']]} if rng.random() < 0.5 else {})}, {'name': 'extra', 'data_type': 'int'}]
            if rng.random() < 0.15:
                version['description'] = 'of this version'
            versions.append(version)
            file = version.get('defined_in') or (f'{name}_v{number}' if rng.random() < 0.8 or number != numbers[-1] else f'{name}_v{number}')
            config = configs.pick('model', rng, rng.choice([0, 0, 1, 2]), 'call')
            package.text(f'{folder}/{file}.sql', self.body(package, config, f'{name}.v{number}'))
        entry['versions'] = versions
        if rng.random() < 0.4:
            entry['latest_version'] = versions[0]['v']
        package.declare(folder, 'models', entry)
        for number in numbers:
            self.add(package, Target(name, package.name, str(number)))
            self.names[name] = 1

    def python(self, package: Package, name: str, folder: str) -> None:
        rng = self.rng
        first, second = self.ref(package), self.ref(package)
        options = ', '.join(f'{key}={value!r}' for key, value in rng.sample([('materialized', 'table'), ('packages', ['pandas']), ('tags', ['py', 'x']), ('alias', f'py_{name}'), ('schema', 'pyschema'), ('custom_key', 3)], rng.randint(1, 3)))
        as_python = lambda ref: 'dbt.' + ref.replace('v = ', 'v=')  # noqa: E731
        lines = ['import os', '', 'def model(dbt, session):', f'    dbt.config({options})', f'    a = {as_python(first[0])}']
        if rng.random() < 0.5:
            lines.append(f"    x = dbt.config.get('custom_key')")
        if rng.random() < 0.5:
            lines += [f'    if dbt.is_incremental:', f'        b = {as_python(second[0])}.df()']
        if package.sources and rng.random() < 0.5:
            lines.append(f'    s = dbt.source({package.sources[0][0]!r}, {package.sources[0][1]!r})')
        lines.append('    return a')
        package.text(f'{folder}/{name}.py', '\n'.join(lines) + '\n')
        entry = self.patch(package, 'model', name, 0.4)
        if entry:
            for each in ('materialized',):
                entry.get('config', {}).pop(each, None)
            package.declare(folder, 'models', entry)
        self.add(package, Target(name, package.name))

    def source(self, package: Package, index: int) -> None:
        rng = self.rng
        name = f'{package.name}_src{index}'
        entry: dict[str, Any] = {'name': name}
        for key, value in [('schema', rng.choice(['raw', "raw_{{ target.name }}", "{{ var('area', 'zone') }}"])), ('database', rng.choice(['lake', '{{ target.database }}'])),
                           ('quoting', {'schema': rng.random() < 0.5, 'identifier': True}), ('description', self.description(package)), ('loader', 'tool'),
                           ('tags', ['s']), ('meta', {'m': 1}), ('loaded_at_field', 'at'), ('freshness', {'warn_after': {'count': 1, 'period': 'day'}})]:
            if rng.random() < 0.35:
                entry[key] = value
        if rng.random() < 0.3 and not {'tags', 'meta', 'freshness', 'loaded_at_field'} & set(entry):
            entry['config'] = configs.pick('source', rng, 2, 'yaml')
        tables = []
        for number in range(rng.randint(1, 4)):
            table: dict[str, Any] = {'name': f't{number}'}
            for key, value in [('identifier', rng.choice([f'Real T{number}', f'real_{number}'])), ('quoting', {'identifier': False}), ('description', self.description(package)),
                               ('tags', ['tt']), ('columns', self.columns(package)), ('tests', ['unique'] if False else self.tests_of_model(package)), ('loaded_at_field', 'x'),
                               ('external', {'location': 's3://x', 'partitions': [{'name': 'd', 'data_type': 'date'}]}), ('freshness', None)]:
                if rng.random() < 0.25:
                    table[key] = value
            if rng.random() < 0.2 and not {'tags', 'meta', 'freshness', 'loaded_at_field'} & set(table):
                table['config'] = configs.pick('source', rng, 2, 'yaml')
            tables.append(table)
            if 'config' not in table or table['config'].get('enabled') in (None, True):
                package.sources.append((name, table['name']))
        entry['tables'] = tables
        package.declare(rng.choice(['models', 'models/staging']), 'sources', entry)
        if not package.root and rng.random() < 0.3:
            self.root.declare('models', 'sources', {'name': name, 'overrides': package.name, 'schema': 'overridden', 'tables': [{'name': 't0', 'identifier': 'taken_over', 'description': 'from root'}]})

    def seed(self, package: Package, index: int) -> None:
        rng = self.rng
        name = f'seed_{package.name}_{index}'
        folder = rng.choice(['seeds', 'seeds/sub'])
        package.text(f'{folder}/{name}.csv', 'id,name\n1,a\n2,"b, c"\n')
        entry = self.patch(package, 'seed', name, 0.5)
        if entry:
            package.declare(folder, 'seeds', entry)
        self.add(package, Target(name, package.name))

    def snapshot(self, package: Package, index: int) -> None:
        rng = self.rng
        ref = self.ref(package)
        if ref is None:
            return
        name = f'snap_{package.name}_{index}'
        config = {'strategy': 'check', 'unique_key': 'id', 'check_cols': rng.choice(['all', ['name']])} if rng.random() < 0.5 else {'strategy': 'timestamp', 'unique_key': rng.choice(['id', ['id', 'name']]), 'updated_at': 'at'}
        if rng.random() < 0.3:
            config['target_schema'] = 'snaps'
        if rng.random() < 0.3:
            config.update({'dbt_valid_to_current': "to_date('9999-12-31')", 'hard_deletes': 'invalidate'})
        extra = configs.pick('snapshot', rng, rng.randint(0, 2), 'yaml')
        extra.pop('enabled', None)
        if rng.random() < 0.45:
            relation = ref[0] if rng.random() < 0.8 or not package.sources else "source('%s', '%s')" % rng.choice(package.sources)
            entry: dict[str, Any] = {'name': name, 'relation': relation, 'config': {**config, **extra}}
            if rng.random() < 0.4:
                entry['columns'] = self.columns(package)
            package.declare('snapshots', 'snapshots', entry)
        else:
            call = configs.calls({key.replace('-', '_'): value for key, value in config.items()}, rng)
            package.text(f'snapshots/{name}_file.sql', f'{{% snapshot {name} %}}\n' + '\n'.join(call) + f'\nselect * from {{{{ {ref[0]} }}}}\n{{% endsnapshot %}}\n')
            entry = self.patch(package, 'snapshot', name, 0.4) or {}
            if entry:
                package.declare('snapshots', 'snapshots', entry)
        self.add(package, Target(name, package.name))

    def singular(self, package: Package, index: int) -> None:
        rng = self.rng
        config = configs.pick('test', rng, rng.randint(0, 2), 'call')
        package.text(f'tests/{rng.choice(["", "sub/"])}check_{index}.sql', self.body(package, config, f'check_{index}'))
        if rng.random() < 0.4:
            package.declare('tests', 'data_tests', {'name': f'check_{index}', 'description': 'Checks', 'config': configs.pick('test', rng, 2, 'yaml')})

    def analysis(self, package: Package, index: int) -> None:
        rng = self.rng
        package.text(f'analyses/look_{index}.sql', self.body(package, {}, f'look_{index}'))
        if rng.random() < 0.4:
            package.declare('analyses', 'analyses', {'name': f'look_{index}', 'description': 'Looks', 'config': configs.pick('analysis', rng, 1, 'yaml')})

    def exposure(self, package: Package, index: int) -> None:
        rng = self.rng
        refs = [ref for ref in (self.ref(package) for _ in range(2)) if ref]
        depends = [ref[0] for ref in refs] + ([f"source('{package.sources[0][0]}', '{package.sources[0][1]}')"] if package.sources else [])
        entry = {'name': f'board_{index}', 'type': rng.choice(['dashboard', 'notebook', 'ml']), 'owner': {'name': 'N', 'email': 'n@x.y'}, 'depends_on': depends}
        for key, value in [('label', 'A Board'), ('url', 'https://x.y/z'), ('maturity', 'high'), ('description', self.description(package)), ('config', {'tags': ['exp'], 'meta': {'a': 1}})]:
            if rng.random() < 0.5:
                entry[key] = value
        package.declare('models', 'exposures', entry)

    def unit_test(self, package: Package) -> None:
        rng = self.rng
        name, refs = rng.choice(list(package.literal_refs.items()))
        if not name.startswith(('m_', 'shared_')) or '.v' in name:
            return
        package.declare('models', 'unit_tests', {'name': f'ut_{name}', 'model': name, 'given': [{'input': ref, 'rows': [{'id': 1}, {'id': 2, 'name': None}]} for ref in refs],
                                                'expect': {'rows': [{'id': 1}]}, **({'config': {'tags': ['u']}} if rng.random() < 0.4 else {}), **({'overrides': {'vars': {'area': 'x'}}} if rng.random() < 0.3 else {})})

    def project_file(self, package: Package) -> None:
        rng = self.rng
        project: dict[str, Any] = {'name': package.name, 'version': rng.choice(['1.0.0', '1.0']) if rng.random() < 0.7 else '1.0.0', 'config-version': 2, 'profile': 'warehouse'}
        sections = {'models': 'model', 'seeds': 'seed', 'snapshots': 'snapshot', 'data_tests': 'test', 'sources': 'source', 'exposures': 'exposure', 'analyses': 'analysis'}
        for section, kind in sections.items():
            if rng.random() < (0.8 if section == 'models' else 0.3):
                tree = self.config_tree(package, kind, section)
                if tree:
                    project['tests' if section == 'data_tests' and rng.random() < 0.4 else section] = tree
        if rng.random() < 0.6:
            project['vars'] = {key: value for key, value in {'area': rng.choice(WORDS_OF_VARS), package.name: {'area': 'scoped', 'number': 3}, **({'alpha': {'area': 'for_alpha'}} if package.root else {}),
                                                             'list': [1, 'b'], 'day': '2024-05-06'}.items() if rng.random() < 0.5}
        if package.root and rng.random() < 0.25:
            project['quoting'] = {part: rng.random() < 0.5 for part in rng.sample(['database', 'schema', 'identifier'], 2)}
        if package.root and rng.random() < 0.3:
            project['dispatch'] = [{'macro_namespace': rng.choice(['dbt', 'alpha', package.name]), 'search_order': rng.choice([[package.name, 'dbt'], ['alpha', package.name, 'dbt']])}]
        if package.root and rng.random() < 0.3:
            project['on-run-start'] = rng.choice(['select 1', ["select '{{ target.name }}'", "{{ note('start') }}"]])
        if package.root and rng.random() < 0.3:
            flags = {'require_generic_test_arguments_property': True, 'require_explicit_package_overrides_for_builtin_materializations': True, 'require_ref_searches_node_package_before_root': True,
                     'state_modified_compare_more_unrendered_values': rng.random() < 0.5, 'validate_macro_args': True, 'static_parser': False}
            project['flags'] = {key: flags[key] for key in rng.sample(sorted(flags), rng.randint(1, 2))}
        if getattr(package, 'more_paths', False):
            project['model-paths'] = ['models', 'more_models']
        elif rng.random() < 0.15:
            project['model-paths'] = ['models']
        if rng.random() < 0.1:
            project['quoting'] = {'identifier': False} if package.root and 'quoting' not in project else project.get('quoting', {})
        if rng.random() < 0.15 and package.root:
            project['on-run-end'] = ["{{ note('end') }}", "{% for s in schemas %}select '{{ s }}';{% endfor %}"]
        if rng.random() < 0.15:
            project['docs-paths'] = ['models', 'docs']
            package.text('docs/other.md', '{% docs outside %}From outside.{% enddocs %}')
        if rng.random() < 0.15:
            project['test-paths'] = ['tests', 'more_tests']
        if rng.random() < 0.1:
            project['macro-paths'] = ['macros', 'macros/naming']
        package.text('dbt_project.yml', dump(project))

    def config_tree(self, package: Package, kind: str, section: str) -> dict[str, Any]:
        rng = self.rng

        def level(count: int) -> dict[str, Any]:
            config = configs.pick(kind, rng, rng.randint(0, count), 'project')
            if section == 'models' and rng.random() < 0.7:
                config.pop('materialized', None)
            if kind in ('source', 'exposure'):
                config = {key: value for key, value in config.items() if key in ('tags', 'meta', 'enabled', 'event_time')}
            return configs.project_keys(config, rng)

        tree = level(1)
        own = level(2)
        if section == 'models':
            for folder in {rng.choice(FOLDERS) for _ in range(3)}:
                at = own
                for part in folder.split('/'):
                    at = at.setdefault(part, {})
                    if rng.random() < 0.5:
                        at.update(level(2))
            for target in package.refable[:2]:
                if target.name.startswith('m_') and rng.random() < 0.3:
                    own[target.name] = level(1)
        if own:
            tree[package.name] = own
        if package.root:
            for other in self.packages:
                if rng.random() < 0.5:
                    tree[other.name] = {**level(2), **({'staging': level(1)} if rng.random() < 0.3 else {})}
        return {key: value for key, value in tree.items() if value != {} or key.startswith('+')}


WORDS_OF_VARS = ['downtown', 'uptown', 'mid "town"', 5]


def dump(value: Any, rng: random.Random | None = None) -> str:
    flow = rng.choice([False, False, None]) if rng else False
    return yaml.safe_dump(value, sort_keys=False, default_flow_style=flow, allow_unicode=True, width=100)


def write(seed: int, place: Path) -> Path:
    target = place / f'p{seed}'
    shutil.rmtree(target, ignore_errors=True)
    for path, text in Composer(seed).compose().items():
        file = target / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding='utf-8', newline='')
    return target


if __name__ == '__main__':
    first, count, place = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    for number in range(first, first + count):
        write(number, place)
