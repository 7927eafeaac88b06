"""Random configs in every form dbt takes them: project-file keys with and without `+`, YAML `config:`, calls of config().

Values stay valid for the resource type, so that a refusal by dbt is a finding about us or about this file. It must not
know the project: names of models, macros and groups come in as arguments.
"""
from __future__ import annotations

import random
from typing import Any

JINJA_SCHEMAS = ["{{ target.name }}_area", "{{ var('area', 'zone') }}", "{{ env_var('FUZZ_AREA', 'env_area') }}",
                 "{{ target.schema ~ '_x' }}", "{% if target.name == 'prod' %}live{% else %}draft{% endif %}"]
WORDS = ['north', 'south', 'east', 'west', 'amber', 'cobalt', 'jade', 'onyx', 'ruby', 'umber']
COLORS = ['red', '#aabbcc', 'cadetblue']


def value_of(key: str, rng: random.Random, where: str) -> Any:
    """A value for `key`; `where` is 'project' | 'yaml' | 'call': Jinja text only where dbt renders it."""
    words = lambda low, high: [rng.choice(WORDS) for _ in range(rng.randint(low, high))]  # noqa: E731
    jinja = where != 'call' and rng.random() < 0.2
    if key == 'tags':
        if jinja:
            return rng.choice(["{{ target.name }}", ["{{ var('area', 'zone') }}", rng.choice(WORDS)]])
        return rng.choice([rng.choice(WORDS), words(1, 2), words(2, 3), []])
    if key == 'meta':
        return rng.choice([{'owner': rng.choice(WORDS)}, {rng.choice(WORDS): rng.randint(1, 9), 'deep': {'a': [1, 2], 'b': None}},
                           {'flag': rng.random() < 0.5, 'ratio': 1.5}, {}])
    if key == 'schema':
        return rng.choice(JINJA_SCHEMAS) if jinja else rng.choice(WORDS)
    if key == 'database':
        return "{{ target.database }}" if jinja else rng.choice(['lake', 'dev'])
    if key == 'materialized':
        return rng.choice(['table', 'view', 'view', 'incremental', 'ephemeral'])
    if key == 'grants':
        return rng.choice([{'select': words(1, 2)}, {'select': rng.choice(WORDS)}, {'+select': words(1, 1)}, {'insert': words(1, 1), 'select': []}])
    if key in ('pre-hook', 'post-hook', 'pre_hook', 'post_hook'):
        return rng.choice(['select 1', ['select 1', 'select 2'], {'sql': 'select 3', 'transaction': False},
                           [{'sql': 'select 4'}, 'select 5'], "select '{{ this }}'", "{{ note('x') }}"])
    if key == 'docs':
        return rng.choice([{'show': rng.random() < 0.5}, {'show': True, 'node_color': rng.choice(COLORS)}])
    if key == 'persist_docs':
        return {'relation': rng.random() < 0.5, 'columns': rng.random() < 0.5}
    if key == 'quoting':
        return {part: rng.random() < 0.5 for part in rng.sample(['database', 'schema', 'identifier'], rng.randint(1, 3))}
    if key == 'event_time':
        return 'created_at'
    if key == 'full_refresh':
        return rng.random() < 0.5
    if key == 'on_schema_change':
        return rng.choice(['ignore', 'append_new_columns', 'fail', 'sync_all_columns'])
    if key == 'unique_key':
        return rng.choice(['id', ['id', 'day']])
    if key == 'incremental_strategy':
        return rng.choice(['append', 'delete+insert', 'merge'])
    if key == 'enabled':
        return "{{ target.name in ['dev', 'prod'] }}" if jinja else True
    if key == 'packages':
        return words(1, 2)
    if key == 'sql_header':
        return 'set x = 1;'
    if key == 'column_types':
        return {'id': 'integer', 'name': 'varchar(20)'}
    if key == 'delimiter':
        return ','
    if key == 'quote_columns':
        return rng.random() < 0.5
    if key == 'severity':
        return rng.choice(['warn', 'error', 'ERROR'])
    if key == 'where':
        return rng.choice(['id > 1', "day = '{{ var(\"area\", \"zone\") }}'", "'{{ target.name }}' = 'dev'"])
    if key == 'limit':
        return rng.randint(1, 50)
    if key in ('error_if', 'warn_if'):
        return rng.choice(['>10', '!=0', '= 3'])
    if key == 'fail_calc':
        return rng.choice(['count(*)', 'sum(n)'])
    if key in ('store_failures',):
        return rng.random() < 0.5
    if key == 'store_failures_as':
        return rng.choice(['table', 'view', 'ephemeral'])
    if key.startswith('custom_'):
        return rng.choice(['plain', 7, 1.25, True, None, ['a', 'b'], {'k': 'v'}, '2024-01-01', "it's"])
    raise KeyError(key)


KEYS = {
    'model': ['tags', 'meta', 'schema', 'database', 'materialized', 'grants', 'pre-hook', 'post-hook', 'docs', 'persist_docs', 'quoting', 'event_time',
              'full_refresh', 'on_schema_change', 'unique_key', 'incremental_strategy', 'enabled', 'packages', 'sql_header', 'custom_a', 'custom_b'],
    'seed': ['tags', 'meta', 'schema', 'database', 'grants', 'pre-hook', 'post-hook', 'docs', 'persist_docs', 'quoting', 'enabled', 'column_types',
             'delimiter', 'quote_columns', 'full_refresh', 'event_time', 'custom_a'],
    'snapshot': ['tags', 'meta', 'schema', 'database', 'grants', 'pre-hook', 'post-hook', 'docs', 'persist_docs', 'quoting', 'enabled', 'event_time', 'custom_a'],
    'test': ['tags', 'meta', 'schema', 'severity', 'where', 'limit', 'error_if', 'warn_if', 'fail_calc', 'store_failures', 'store_failures_as', 'enabled', 'custom_a'],
    'source': ['enabled', 'event_time', 'tags', 'meta'],
    'exposure': ['enabled', 'tags', 'meta'],
    'analysis': ['tags', 'meta', 'schema', 'enabled', 'docs'],
}
LIKELY = {'tags': 5, 'meta': 4, 'schema': 5, 'materialized': 5, 'grants': 2, 'database': 1}


def pick(kind: str, rng: random.Random, count: int, where: str) -> dict[str, Any]:
    keys = [key for key in KEYS[kind]]
    weights = [LIKELY.get(key, 1) for key in keys]
    chosen: dict[str, Any] = {}
    for key in rng.choices(keys, weights, k=count):
        name = key
        if where == 'call':
            name = key.replace('-', '_')
        elif key in ('pre-hook', 'post-hook') and rng.random() < 0.4:
            name = key.replace('-', '_')
        if key.replace('-', '_') in {k.replace('-', '_') for k in chosen}:
            continue
        chosen[name] = value_of(key, rng, where)
    if where == 'call':
        chosen.pop('enabled', None)
    return chosen


def project_keys(config: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """`+` before most keys; what is a dict always needs it."""
    return {(f'+{key}' if isinstance(value, dict) or key.startswith('custom_') or rng.random() < 0.75 else key): value for key, value in config.items()}


def literal(value: Any, rng: random.Random) -> str:
    """A Jinja literal."""
    if isinstance(value, str):
        quote = '"' if "'" in value or rng.random() < 0.3 else "'"
        if quote == '"' and '"' in value:
            return "'" + value.replace("'", "\\'") + "'"
        return quote + value + quote
    if value is None:
        return rng.choice(['none', 'None'])
    if isinstance(value, bool):
        return rng.choice([str(value), str(value).lower()])
    if isinstance(value, list):
        return '[' + ', '.join(literal(item, rng) for item in value) + ']'
    if isinstance(value, dict):
        return '{' + ', '.join(f'{literal(key, rng)}: {literal(item, rng)}' for key, item in value.items()) + '}'
    return str(value)


def expression(value: Any, rng: random.Random) -> str:
    """A Jinja expression of that value, not always a literal (which the static parser would take)."""
    plain = literal(value, rng)
    roll = rng.random()
    if roll < 0.7:
        return plain
    if isinstance(value, str) and roll < 0.85 and "'" not in value and '{' not in value:
        return f"'{value[:2]}' ~ '{value[2:]}'"
    if roll < 0.93:
        return f"({plain} if target.name else none)"
    return f"var('unset_{rng.randint(1, 9)}', {plain})"


def calls(config: dict[str, Any], rng: random.Random) -> list[str]:
    """The config() calls that set `config`: one or several, keywords or a dict, sometimes under an if or do."""
    if not config:
        return []
    items = list(config.items())
    groups = [items] if len(items) < 2 or rng.random() < 0.6 else [items[: len(items) // 2], items[len(items) // 2:]]
    found = []
    for group in groups:
        if rng.random() < 0.12:
            text = 'config(' + literal(dict(group), rng) + ')'
        elif rng.random() < 0.3:
            text = 'config(\n' + ',\n'.join(f'    {key} = {expression(value, rng)}' for key, value in group) + '\n)'
        else:
            text = 'config(' + ', '.join(f'{key}={expression(value, rng)}' for key, value in group) + ')'
        roll = rng.random()
        found.append('{% do ' + text + ' %}' if roll < 0.08 else '{%- if true -%}{{ ' + text + ' }}{%- endif -%}' if roll < 0.14
                     else '{{- ' + text + ' -}}' if roll < 0.2 else '{{\n  ' + text + '\n}}' if roll < 0.3 else '{{ ' + text + ' }}')
    return found
