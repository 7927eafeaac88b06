"""The scenes of corners.py: each function makes one corner of a project. Valid by themselves and beside any other; nothing asks a warehouse."""
from __future__ import annotations

from typing import Callable

from corners import Scene

SCENES: list[Callable[[Scene], None]] = []


def scene(function: Callable[[Scene], None]) -> Callable[[Scene], None]:
    SCENES.append(function)
    return function


@scene
def naming(c: Scene) -> None:
    conditions = ["target.name == 'prod'", "node.resource_type == 'seed'", "node.config.materialized == 'table'", 'node.package_name != project_name', "'deep' in node.fqn", "node.path.startswith('corners')",
                  'node.tags | length > 0', "node.config.get('meta', {}).get('owner')", "node.name.startswith('stg')", 'custom_schema_name is none', 'custom_schema_name is not none and custom_schema_name.startswith(target.schema)',
                  "var('flat', false)", "env_var('CORNER_ENV', 'no') == 'no'", 'node.group', "node.access == 'public'", 'node.version', "node.unique_id.split('.')[0] == 'snapshot'", "node.original_file_path.endswith('.py')",
                  "node.language == 'sql'", 'node.columns', 'node.description', "'ref' in node.raw_code", 'node.refs | length', "node.config.contract.enforced", "node['config']['tags'] | select('equalto', 'x') | list", "node.config.schema", "model is defined", "node.config_call_dict", "node.patch_path", "node.meta.get('owner')", "node.checksum.name == 'sha256'", "node.unrendered_config", "node.sources", "node.alias", "node.schema", "node.docs.show", "node.latest_version == node.version"]
    schemas = ['{{ custom_schema_name | trim }}', '{{ target.schema }}_{{ custom_schema_name }}', '{{ target.schema }}', '{{ default__generate_schema_name(custom_schema_name, node) }}', '{{ generate_schema_name_for_env(custom_schema_name, node) }}',
               "{{ return(target.schema ~ '_r') }}", "{% set parts = node.fqn[1:-1] %}{{ parts | join('_') or 'none' }}", "{{ dbt.generate_schema_name_for_env(custom_schema_name, node) }}", "{{ (custom_schema_name or target.schema) | upper }}", "{{ node.resource_type }}", "{{ node.package_name ~ '_' ~ node.config.materialized }}",
               "{{ node.name[:3] }}", "{{ node.config.tags | join('_') or 'untagged' }}", "{{ own('x') | replace('(', '_') | replace(')', '_') if own is defined else 'o' }}", "{{ node.columns | length }}c", "d{{ node.description | length }}", "{{ node.config.meta.keys() | list | join('_') or 'nometa' }}", "{{ node.refs | length }}r", "{{ model.name if model else 'nomodel' }}"]
    name = c.any('generate_schema_name', 'generate_schema_name', 'generate_schema_name', 'default__generate_schema_name', 'duckdb__generate_schema_name')
    a, b = c.rng.sample(conditions, 2)
    text = f"{{% macro {name}(custom_schema_name{c.any('', '=none')}, node{c.any('', '=none') if False else ''}) {c.any('-', '')}%}}\n".replace('=none, node)', '=none, node=none)')
    text += f"{{% if {a} %}}{c.any(*schemas)}{{% elif {b} %}}{c.any(*schemas)}{{% else %}}{c.any(*schemas)}{{% endif %}}\n{{% endmacro %}}\n"
    c.file('macros/names/schema.sql', text)
    if c.maybe():
        aliases = ["{{ node.name }}", "{{ custom_alias_name or node.name }}", "{{ node.name ~ '_' ~ node.config.materialized }}", "{{ (custom_alias_name | trim) if custom_alias_name else node.name.split('__')[-1] }}", "{{ node.name }}{{ '_v' ~ node.version if node.version }}", "{{ default__generate_alias_name(custom_alias_name, node) }}_x", "{{ node.unique_id.split('.') | last }}_{{ node.name }}", "{{ node.name }}{{ '_b' if node.config.get('alias') }}"]
        text = f"{{% macro generate_alias_name(custom_alias_name=none, node=none) -%}}\n{{%- if {c.any(*[x for x in conditions if 'schema_name' not in x])} -%}}{c.any(*aliases)}{{%- else -%}}{c.any(*aliases)}{{%- endif -%}}\n{{%- endmacro %}}\n"
        c.file('macros/names/alias.sql', text)
    if c.maybe(0.4):
        c.file('macros/names/database.sql', f"{{% macro {c.any('generate_database_name', 'default__generate_database_name')}(custom_database_name=none, node=none) -%}}\n{{%- if {c.any(*[x for x in conditions if 'schema_name' not in x])} and custom_database_name -%}}{{{{ custom_database_name }}}}_x{{%- else -%}}{{{{ target.database }}}}{{%- endif -%}}\n{{%- endmacro %}}\n")
    for index, config in enumerate(["materialized='table'", "schema='sch'", "tags=['x']", "meta={'owner': 'me'}", "alias='ali', schema='dev_me_x'", "database='lake'", "materialized='ephemeral'"]):
        c.model(f'named{index}', f"{{{{ config({config}) }}}}\nselect 1 as id", c.any('models/corners', 'models/corners/deep'))
    c.declare('models/corners/named.yml', 'models', {'name': c.name('named0'), 'description': 'described', 'config': {'schema': 'fromyml', 'tags': ['y']}, 'columns': [{'name': 'id'}]})
    c.declare('models/corners/named.yml', 'models', {'name': c.name('named1'), 'description': 'described too', 'meta': {'owner': 'z'}, 'columns': [{'name': 'id', 'data_tests': ['unique']}]})
    c.file(f'seeds/{c.name("nseed")}.csv', 'id\n1\n')
    c.file(f'snapshots/{c.name("nsnap")}.sql', f"{{% snapshot {c.name('nsnap')} %}}{{{{ config(unique_key='id', strategy='check', check_cols='all', schema='snp') }}}}select * from {{{{ ref('{c.name('named0')}') }}}}{{% endsnapshot %}}")
    c.file(f'tests/{c.name("ntest")}.sql', f"{{{{ config(store_failures=true) }}}} select * from {{{{ ref('{c.name('named1')}') }}}}")


@scene
def twins(c: Scene) -> None:
    name = c.name('twin')
    c.file(f'models/corners/a/{name}.sql', "{{ config(enabled=" + c.any("target.name != 'none'", "var('twin_a', true)", "env_var('TWIN', '1') == '1'", "target.name != 'prod' or true") + ") }}\nselect 1 as id")
    c.file(f'models/corners/b/{name}.sql', "{{ config(enabled=" + c.any("target.name == 'none'", 'false', "var('twin_b', false)") + ") }}\nselect 2 as id")
    c.model('reads_twin', f"select * from {{{{ ref('{name}') }}}}\n-- {{{{ ref('{name}') }}}} -- r:t{c.n}")
    if c.maybe():
        c.declare('models/corners/twins.yml', 'models', {'name': name, 'description': 'one of two', 'columns': [{'name': 'id', 'data_tests': ['not_null']}]})
    c.model('off', 'select 1 as id')
    c.declare('models/corners/off.yml', 'models', {'name': c.name('off'), 'config': {'enabled': c.any(False, "{{ target.name == 'prod' and false }}", "{{ var('never', false) }}", "{{ env_var('NEVER', 'False') | as_bool }}")}, 'columns': [{'name': 'id', 'data_tests': ['unique', {'accepted_values': {'arguments': {'values': [1]}}}]}]})
    c.file(f'tests/{c.name("t_off")}.sql', f"select * from {{{{ ref('{c.name('off')}') }}}}")
    c.setting({'models': {c.owner: {'corners': {'a': {'+tags': ['side_a']}, 'b': {'+enabled': c.any(True, "{{ target.name == 'dev' }}", "{{ 'yes' if true else 'no' }}" if False else True)}}}}})


@scene
def test_corners(c: Scene) -> None:
    a, b = c.model('tested'), c.model('other', 'select 1 as id, 2 as n')
    generic = f"{{% test {c.name('has')}(model, column_name=none, to=none, options={{}}, flag=false, list=[], where_text=none) %}}{c.any('{{ config(severity=' + repr('warn') + ', tags=[' + repr('built_in') + '], limit=5) }}', '')}\nselect * from {{{{ model }}}} {{% if to %}}join {{{{ to }}}}{{% endif %}} where {{{{ column_name }}}} in ({{{{ list | join(',') }}}}) {{{{ options }}}} {{{{ flag }}}}\n{{% endtest %}}\n"
    c.file(c.any(f'tests/generic/{c.name("has")}.sql', f'macros/{c.name("has")}.sql'), generic)
    has = c.any(c.name('has'), f'{c.owner}.{c.name("has")}')
    many = [f'a rather long value {i}' for i in range(6)]
    options = [
        'unique', 'not_null', {'unique': None} if False else {'unique': {}},
        {'accepted_values': {'values': many}},
        {'accepted_values': {'arguments': {'values': many[:3], 'quote': c.any(True, False)}, 'config': {'alias': f'short_{c.n}', 'severity': 'warn'}}},
        {'relationships': {'to': f"ref('{b}')", 'field': 'id'}},
        {'relationships': {'arguments': {'to': f"ref('{c.owner}', '{b}')", 'field': 'n'}, 'config': {'where': 'id > 0', 'enabled': c.any(True, False)}}},
        {has: {'list': [1, 2.5, None, True, 'x y'], 'name': f'named_{c.n}'}},
        {has: {'arguments': {'to': f"ref('{b}')", 'options': {'k': ['v', {'d': 1}], 'z': '{{ var("area", "zone") }}'}, 'flag': True}}},
        {has: {'options': '{{ target.name }}', 'config': {'tags': ['t1'], 'meta': {'m': 1}, 'store_failures': True, 'schema': 'fails'}}},
        {has: {'to': "source('none', 'x')" if False else f"ref(\"{b}\")", 'where_text': "{{ \"it's\" }}", 'severity': 'error', 'warn_if': '> 3', 'tags': 'single'}},
        {has: {'list': ['2024-01-01', '{{ env_var("CORNER_ENV", "dflt") }}'], 'where': "d > '{{ var('area', 'zone') }}'", 'limit': 10, 'fail_calc': 'sum(x)'}},
        {'not_null': {'name': f'nn-{c.n}.dots', 'description': "{{ var('x', 'why') }}", 'config': {'error_if': '>10', 'store_failures_as': 'view', 'database': 'lake', 'fail_calc': 'max(n)'}}},
        {'name': f'alternative_{c.n}', 'test_name': has.split('.')[-1], 'arguments': {'list': ['q']}, 'config': {'where': 'true'}},
    ]
    chosen = c.rng.sample(options, c.rng.randint(3, 8))
    seen, kept = set(), []
    for each in chosen:
        key = str(each) if isinstance(each, str) else str(sorted(each))
        if key in ("unique", "['unique']"):
            if 'u' in seen:
                continue
            seen.add('u')
        kept.append(each)
    column = {'name': c.any('id', 'Mixed Case', 'select', 'a.b', 'ünï', "it's"), 'quote': c.any(True, False), c.any('tests', 'data_tests'): kept, 'tags': c.any([], ['coltag'], ['b', 'a']), 'meta': {'owner': 'c'}}
    entry = {'name': a, 'columns': [column], c.any('tests', 'data_tests'): [{has: {'column_name': 'id', 'list': [9]}}, {'unique': {'column_name': "concat(id, '-', n)"}}, {'relationships': {'column_name': 'n', 'to': f"ref('{b}')", 'field': 'n', 'name': f'model_rel_{c.n}'}}][: c.rng.randint(1, 3)]}
    if c.maybe(0.3):
        entry['config'] = {'tags': ['mod'], 'group': None} if False else {'tags': ['mod'], 'enabled': True}
    c.declare('models/corners/tests.yml', 'models', entry)
    if c.maybe():
        c.setting({c.any('tests', 'data_tests'): {'+tags': ['all_tests'], '+severity': 'warn', c.owner: {'+limit': 100, 'corners': {'+store_failures': True}, '+meta': {'from': 'project'}}}})
    c.file(f'tests/{c.any("", "sub/")}{c.name("sing")}.sql', f"{{{{ config(tags='one', severity='warn', where='x') }}}}\nselect * from {{{{ ref('{a}') }}}} where {{{{ var('area', 1) }}}} = 1\n")
    if c.maybe():
        c.declare('tests/sing.yml', c.any('data_tests', 'data_tests'), {'name': c.name('sing'), 'description': '{{ target.name }} it', 'config': {'tags': ['two'], 'meta': {'a': 1}, 'error_if': '>2'}})


@scene
def source_corners(c: Scene) -> None:
    name = c.name('raw')
    entry = {'name': name, 'tables': []}
    for key, value in {'schema': c.any('RAW', '{{ target.schema }}_raw', "{{ var('raw_schema', 'r') }}", 'a-b'), 'database': c.any('lake', "{{ 'x' if target.name == 'prod' else target.database }}", 'My Lake'), 'quoting': c.any({'database': True}, {'schema': False, 'identifier': False}, {}), 'loader': 'fivetran', 'description': '{{ target.name }}', 'overrides': None, 'tags': c.any(['s1', 's2'], 's3'), 'meta': {'a': {'b': 1}}, 'loaded_at_field': '_at', 'freshness': c.any({'warn_after': {'count': 1, 'period': 'day'}, 'error_after': {'count': 2, 'period': 'day'}, 'filter': 'x > 1'}, None, {'error_after': {'count': 3, 'period': 'hour'}}), 'config': c.any({'enabled': True}, {'meta': {'cm': 1}, 'tags': ['ct']}, {'freshness': {'warn_after': {'count': 5, 'period': 'minute'}}}, {'loaded_at_field': 'cfg_at'}, {'event_time': 'et', 'meta': {'a': 2}}, {'loaded_at_query': 'select 1'})}.items():
        if c.maybe(0.4) and value is not None and not (key in ('tags', 'meta', 'freshness', 'loaded_at_field') and key in entry.get('config', {})):
            entry[key] = value
    for key in ('tags', 'meta', 'freshness', 'loaded_at_field'):
        if key in entry and key in entry.get('config', {}):
            del entry['config'][key]
    if entry.get('config') == {}:
        del entry['config']
    if 'loaded_at_query' in entry.get('config', {}) and 'loaded_at_field' in entry:
        del entry['loaded_at_field']
    for index in range(c.rng.randint(2, 5)):
        table = {'name': f't{index}'}
        for key, value in {'identifier': c.any('Real Name', "{{ target.name }}_t", 'X' + str(index), '"quoted"', "2024"), 'quoting': c.any({'identifier': True}, {'database': False, 'schema': True}), 'description': "{{ env_var('CORNER_ENV', 'text') }}", 'tags': c.any(['s1', 't'], []), 'meta': {'a': {'c': 2}, 't': None}, 'loaded_at_field': 'tat', 'freshness': c.any(None, {'warn_after': {'count': 9, 'period': 'day'}}), 'external': {'location': 's3://b/{name}', 'file_format': 'parquet', 'partitions': [{'name': 'p', 'data_type': 'date', 'expression': 'x'}], 'extra': 1}, 'loader': 'own',
                           'columns': [{'name': 'id', 'data_type': 'int', 'description': 'x', 'tags': ['pk'], 'data_tests': ['unique', {'relationships': {'arguments': {'to': f"source('{name}', 't0')", 'field': 'id'}}}]}], 'data_tests': [{'unique': {'column_name': 'id || x'}}], 'config': c.any({'enabled': c.any(False, True)}, {'meta': {'tm': 1}}, {'tags': ['cfgt'], 'event_time': 'e'}, {'freshness': None}, {'loaded_at_field': 'ctat'})}.items():
            if c.maybe(0.3):
                table[key] = value
        for key in ('tags', 'meta', 'freshness', 'loaded_at_field'):
            if key in table and key in table.get('config', {}):
                del table['config'][key]
        if index == 0 and table.get('config', {}).get('enabled') is False:
            del table['config']
        entry['tables'].append(table)
    c.declare('models/corners/sources.yml', 'sources', entry)
    c.model('src', f"select * from {{{{ source('{name}', 't0') }}}} -- x\n-- {{{{ source('{name}', 't0') }}}} -- r:s{c.n}\n-- {{{{ source('{name}', 't0').identifier }}}} {{{{ source('{name}', 't0').database }}}} {{{{ source('{name}', 't0').schema }}}} {{{{ source('{name}', 't0').type }}}}")
    if c.maybe():
        c.setting({'sources': {'+meta': {'proj': 1}, c.owner: {'+tags': ['psrc'], 'corners': {name: {'+meta': {'deep': True}, 't1': {'+enabled': c.any(True, False)}}}}}})


@scene
def version_corners(c: Scene) -> None:
    name = c.name('ver')
    kind = c.any('int', 'text', 'mixed', 'float')
    vs = {'int': [1, 2, 10], 'text': ['alpha', 'beta', 'gamma'], 'mixed': [1, 2, 'next'], 'float': [1.0, 1.5, 2]}[kind]
    versions = []
    for index, v in enumerate(vs):
        version = {'v': v}
        if c.maybe(0.3):
            version['defined_in'] = f'{name}_impl_{index}'
        if c.maybe(0.3):
            version['config'] = c.any({'materialized': 'table'}, {'alias': f'{name}_as_{index}'}, {'tags': ['vt'], 'meta': {'v': index}}, {'enabled': True}, {'schema': 'vs'}, {'access': 'public'})
        if c.maybe(0.3):
            version['columns'] = c.any([{'include': 'all', 'exclude': ['b']}], [{'include': ['a']}, {'name': 'z', 'data_tests': ['not_null']}], [{'include': '*'}, {'name': 'y'}], [{'name': 'only'}])
        if c.maybe(0.2):
            version['description'] = f'version {v}'
        if c.maybe(0.2):
            version[c.any('tests', 'data_tests')] = c.any([], [{'unique': {'column_name': 'lower(a)'}}], [{'not_null': {'column_name': 'b', 'name': f'vnn_{c.n}_{index}'}}])
        if c.maybe(0.15) and 'access' not in version.get('config', {}):
            version['access'] = 'protected'
        if c.maybe(0.15):
            version['deprecation_date'] = c.any('2099-01-01', '2098-05-06 07:08:09')
        if c.maybe(0.1):
            version['docs'] = {'show': False}
        if c.maybe(0.15):
            version['latest_version_pointer'] = None if False else None
            del version['latest_version_pointer']
        versions.append(version)
        file = version.get('defined_in', f'{name}_v{v}')
        c.file(f'models/corners/{file}.sql', c.any("select 1 as a", "{{ config(materialized='view', tags=['inline']) }} select 1 as a", f"{{{{ config(alias='{name}_inl_{index}') }}}}\nselect 1 as a", "select '{{ model.version }}' as a, '{{ this }}' as b, '{{ model.latest_version }}'"))
    entry = {'name': name, 'description': 'all', 'versions': versions, 'columns': [{'name': 'a', 'data_tests': [{'unique': {'config': {'severity': 'warn'}}}], 'description': 'col a'}, {'name': 'b', 'data_type': 'int', 'data_tests': [{'not_null': {'config': {'severity': 'warn'}}}]}], 'data_tests': [{'unique': {'column_name': 'a || b'}}], 'config': {'tags': ['base'], 'meta': {'m': 0}}}
    if c.maybe():
        entry['latest_version'] = c.any(*vs)
    if c.maybe(0.2):
        del entry['data_tests']
    c.declare('models/corners/versions.yml', 'models', entry)
    calls = [f"ref('{name}')", f"ref('{name}', v={vs[0]!r})", f"ref('{c.owner}', '{name}', version={vs[-1]!r})", f"ref('{name}', v='{vs[1]}')" if kind != 'float' else f"ref('{name}', version=1.5)"]
    c.model('reads_ver', '\n'.join(f"-- {{{{ {call} }}}} -- r:v{c.n}x{index}" for index, call in enumerate(calls)) + '\nselect 1')
    if c.maybe():
        c.declare('models/corners/exposed.yml', 'exposures', {'name': c.name('ver_exp'), 'type': 'dashboard', 'owner': {'email': 'a@b.c'}, 'depends_on': calls})
    if c.maybe():
        c.declare('models/corners/vt.yml', 'models', {'name': c.name('reads_ver'), 'columns': [{'name': 'id', 'data_tests': [{'relationships': {'arguments': {'to': calls[1], 'field': 'a'}}}, {'relationships': {'to': calls[0], 'field': 'b'}}]}]})


@scene
def group_corners(c: Scene) -> None:
    group = c.name('grp')
    c.declare('models/corners/groups.yml', 'groups', {'name': group, 'owner': {'name': 'N', 'email': c.any('a@b', ['a@b', 'c@d']) if False else 'a@b', 'slack': 'x'}, **({'description': 'who'} if c.maybe() else {}), **({'config': {'meta': {'g': 1}}} if c.maybe() else {})})
    a = c.model('priv', '{{ config(' + c.any(f"group='{group}', access='private'", f"access='private'") + ') }} select 1 as id', f'models/corners/{group}')
    c.model('mate', f"{{{{ config(group='{group}') }}}} select * from {{{{ ref('{a}') }}}}\n-- {{{{ ref('{a}') }}}} -- r:g{c.n}", f'models/corners/{group}')
    c.setting({'models': {c.owner: {'corners': {group: {'+group': group, **({'+access': c.any('protected', 'public')} if c.maybe() else {})}}}}})
    c.model('open', 'select 1 as id')
    c.declare('models/corners/groups.yml', 'models', {'name': c.name('open'), 'access': 'public', 'group': group, 'columns': [{'name': 'id', 'data_tests': ['unique']}]})
    c.file(f'seeds/{c.name("gseed")}.csv', 'id\n1\n')
    c.declare('seeds/gs.yml', 'seeds', {'name': c.name('gseed'), 'config': {'group': group}, 'columns': [{'name': 'id', 'data_tests': ['not_null']}]})
    c.declare('models/corners/groups.yml', 'exposures', {'name': c.name('gexp'), 'type': 'analysis', 'owner': {'name': 'x'}, 'depends_on': [f"ref('{c.name('open')}')"]})


@scene
def snapshot_corners(c: Scene) -> None:
    a = c.model('to_snap', "{{ config(materialized='" + c.any('table', 'ephemeral', 'view') + "') }} select 1 as id, now() as at")
    src = c.name('snapsrc')
    c.declare('models/corners/snapsrc.yml', 'sources', {'name': src, 'tables': [{'name': 't'}]})
    y, q = c.name('ysnap'), c.name('qsnap')
    config = {'unique_key': c.any('id', ['id', 'at'], 'id || at'), **c.any({'strategy': 'timestamp', 'updated_at': 'at'}, {'strategy': 'check', 'check_cols': c.any('all', ['id', 'at'])})}
    extra = c.any({'schema': 'snaps'}, {'database': 'lake', 'alias': f'al_{c.n}'}, {'target_schema': 'ts', 'target_database': 'td'}, {'schema': "{{ target.schema }}_s", 'tags': 'one'}, {'snapshot_meta_column_names': {'dbt_valid_from': 'vf', 'dbt_scd_id': 'sid'}}, {'hard_deletes': c.any('ignore', 'invalidate', 'new_record')}, {'invalidate_hard_deletes': True}, {'dbt_valid_to_current': "to_date('9999-12-31')", 'meta': {'a': 1}}, {'enabled': c.any(True, False)}, {'quote_columns': True, 'persist_docs': {'relation': True}, 'pre_hook': "insert {{ this }}"}, {'grants': {'select': ['x']}, 'custom': [1]})
    relation = c.any(f"ref('{a}')", f"source('{src}', 't')", f"ref('{c.owner}', '{a}')", f'ref("{a}")')
    c.declare(c.any('snapshots/snaps.yml', 'models/corners/snaps.yml'), 'snapshots', {'name': y, 'relation': relation, 'description': 'ys', 'config': {**config, **extra}, 'columns': [{'name': 'id', 'data_tests': ['not_null']}]})
    call = ', '.join(f'{key}={value!r}' for key, value in {**config, **{k: v for k, v in extra.items() if '{{' not in str(v)}}.items())
    c.file(f'snapshots/{c.any("", "deep/")}{c.name("file")}.sql', f"{{% snapshot {q} %}}\n{{{{ config({call}) }}}}\nselect * from {{{{ {relation} }}}}\n-- {{{{ ref('{a}') }}}} -- r:n{c.n}\n{{% endsnapshot %}}\n{{% snapshot {q}_second %}}{{{{ config(strategy='check', unique_key='id', check_cols=['id'], target_schema=target.schema ~ '_x') }}}}select 1 as id{{% endsnapshot %}}" if c.maybe() else f"{{% snapshot {q} %}}\n{{{{ config({call}) }}}}\nselect * from {{{{ {relation} }}}}{{% endsnapshot %}}\n")
    if c.maybe():
        c.declare('snapshots/snaps2.yml', 'snapshots', {'name': q, 'description': 'patched', 'config': {'tags': ['p'], 'meta': {'z': 1}}, 'data_tests': [{'unique': {'column_name': 'dbt_scd_id'}}]})
    if c.maybe():
        c.setting({'snapshots': {c.owner: {'+schema': 'psnap', '+tags': ['snapp'], 'deep': {'+target_schema': 'deep_ts'} if False else {'+meta': {'deep': 1}}}}})
    if extra.get('enabled') is not False:
        c.model('reads_snap', f"select * from {{{{ ref('{q}') }}}}, {{{{ ref('{y}') }}}}\n-- {{{{ ref('{q}') }}}} -- r:p{c.n}\n-- {{{{ ref('{y}') }}}} -- r:y{c.n}")


@scene
def hooks(c: Scene) -> None:
    a = c.model('hooked_up', folder='models/plain')
    c.file(f'macros/{c.name("hook")}.sql', f"{{% macro {c.name('hook')}(x='d') %}}insert into log select '{{{{ x }}}}', '{{{{ this.name if this else '' }}}}' from {{{{ ref('{a}') }}}}{{% endmacro %}}")
    call = f"{c.owner}.{c.name('hook')}"
    hook = c.any(f"insert into x select * from {{{{ ref('{a}') }}}}", f"{{{{ {call}('q') }}}}", "update {{ this }} set a = 1")
    c.model('hooked', f"{{{{ config(pre_hook={c.any(repr(hook), repr([hook, 'select 2']), repr({'sql': hook, 'transaction': False}))}, post_hook=[{{'sql': 'select 3', 'transaction': true}}, {hook!r}]) }}}}\nselect 1 as id")
    c.model('hook_yml')
    c.declare('models/corners/hooks.yml', 'models', {'name': c.name('hook_yml'), 'config': {'pre_hook': hook, 'post_hook': [f"{{{{ {call}() }}}}"]}})
    c.model('hook_ctx', f"{{{{ config(pre_hook=before_begin('select 1'), post_hook=[after_commit('analyze {{{{ this }}}}'), in_transaction('x')]) }}}}\nselect 1 as id")
    c.file(f'seeds/{c.name("hseed")}.csv', 'id\n1\n')
    c.declare('seeds/h.yml', 'seeds', {'name': c.name('hseed'), 'config': {'post_hook': "select '{{ this }}'"}})
    if c.maybe():
        c.setting({'models': {c.owner: {'+pre-hook': c.any("select '{{ this.schema }}'", ["select 1"], {'sql': 'select 2', 'transaction': False}), 'corners': {'+post-hook': f"{{{{ {call}('proj') }}}}"}}}})
    if c.maybe():
        c.setting({'on-run-start': c.any([f"{{{{ {call}('start') }}}}"], f"select * from {{{{ ref('{a}') }}}}"), 'on-run-end': ["{{ log('bye', info=False) }}", "{% for r in results %}select 1;{% endfor %}"]})


@scene
def refs_by_code(c: Scene) -> None:
    a, b, d = c.model('alpha'), c.model('bravo', "{{ config(materialized='ephemeral') }}select 1 as id"), c.model('delta', "{{ config(materialized='table', alias='Delta Force') }}select 1 as id")
    c.file(f'macros/{c.name("refs")}.sql', f"""{{% macro {c.name('union')}(names) %}}{{% for n in names %}}select * from {{{{ ref(n) }}}}{{{{ ' union all ' if not loop.last }}}}{{% endfor %}}{{% endmacro %}}
{{% macro {c.name('pick')}(kind='a') %}}{{% if kind == 'a' %}}{{{{ return(ref('{a}')) }}}}{{% else %}}{{{{ return(ref('{d}')) }}}}{{% endif %}}{{% endmacro %}}
{{% macro {c.name('cfg')}(m) %}}{{{{ config(materialized=m, tags=['by_macro'], meta={{'from': 'macro'}}) }}}}{{% endmacro %}}
{{% macro {c.name('deep')}(n) %}}{{% if n > 0 %}}{{{{ {c.owner}.{c.name('deep')}(n - 1) }}}}{{% else %}}{{{{ ref('{a}') }}}}{{% endif %}}{{% endmacro %}}
{{% macro {c.name('wrap')}() %}}({{{{ caller('x') }}}}){{% endmacro %}}
""")
    p = f'{c.owner}.'
    texts = [
        f"{{% set names = ['{a}', '{b}'] %}}{{{{ {p}{c.name('union')}(names) }}}}",
        f"{{% for n in range(2) %}}select * from {{{{ ref(['{a}', '{d}'][n]) }}}} {{% if not loop.last %}}union all{{% endif %}}\n{{% endfor %}}",
        f"select * from {{{{ {p}{c.name('pick')}() }}}} join {{{{ {p}{c.name('pick')}('b') }}}}\n-- {{{{ {p}{c.name('pick')}('b') }}}} -- r:c{c.n}",
        f"{{{{ {p}{c.name('cfg')}('{c.any('table', 'view', 'ephemeral')}') }}}}select * from {{{{ {p}{c.name('deep')}(3) }}}}",
        f"{{% call(t) {p}{c.name('wrap')}() %}}select '{{{{ t }}}}' from {{{{ ref('{b}') }}}}{{% endcall %}}",
        f"{{% set m = {{'k': '{a}', 'l': '{d}'}} %}}{{% for k, v in m.items() | sort(reverse=true) %}}{{{{ k }}}}: {{{{ ref(v) }}}}\n{{% endfor %}}",
        f"select * from {{{{ ref('{a[:-2] if len(a) > 4 else a}' ~ '{a[-2:] if len(a) > 4 else ''}') }}}}",
        f"select * from {{{{ ref(var('which_{c.n}', '{d}')) }}}}\n-- {{{{ ref(var('which_{c.n}', '{d}')) }}}} -- r:w{c.n}",
        f"{{%- set sql -%}}select * from {{{{ ref('{d}') }}}}{{%- endset -%}}\n{{{{ sql | upper }}}} {{{{ sql | length }}}}",
        f"{{% set r = ref('{d}') %}}{{{{ r.database }}}}|{{{{ r.schema }}}}|{{{{ r.identifier }}}}|{{{{ r.name }}}}|{{{{ r.table }}}}|{{{{ r.type }}}}|{{{{ r.is_table }}}}|{{{{ r.include(database=false) }}}}|{{{{ r.quote(identifier=false) }}}}|{{{{ r.without_identifier() }}}}|{{{{ r.replace_path(identifier='zz') }}}}|{{{{ r.incorporate(path={{'schema': 's2'}}) }}}}|{{{{ r == ref('{d}') }}}}|{{{{ r ~ '' }}}}|{{{{ r | string | length }}}}|{{{{ [r] }}}}",
        f"{{% set r = ref('{b}') %}}{{{{ r.database }}}}|{{{{ r.schema }}}}|{{{{ r.identifier }}}}|{{{{ r.is_cte }}}}|{{{{ r }}}}",
        f"{{{{ [ref('{a}'), ref('{d}')] | map(attribute='identifier') | join(',') }}}} {{{{ [ref('{a}'), ref('{d}')] | join(' union ') }}}}",
        f"{{% if not execute %}}{{{{ ref('{a}') }}}}{{% else %}}{{{{ ref('{a}') }}}}{{{{ graph.nodes | length > 0 }}}}{{% endif %}}",
        f"{{{{ '%s and %s' % (ref('{a}'), ref('{d}')) }}}} {{{{ '{{}}'.format(ref('{b}')) }}}}",
        f"{{{{ adapter.quote('x') }}}} {{{{ api.Relation.create(database='d', schema='s', identifier='i') }}}} {{{{ api.Column('a', 'varchar', 10).data_type }}}} {{{{ ref('{a}').render() }}}}",
        f"with x as (select 1)\nselect * from x, {{{{ ref('{b}') }}}} -- trailing",
        f"-- comment first\n/* block */ select * from {{{{ ref('{b}') }}}}; select 2",
    ]
    for index, text in enumerate(c.rng.sample(texts, 9)):
        c.model(f'code{index}', text + c.any('', '\n', '\n\n  '), c.any('models/corners', 'models/corners/code'))


@scene
def ephemeral_chain(c: Scene) -> None:
    last = c.model('base', "{{ config(materialized=" + c.any("'table'", "'table' if target.name == 'prod' else 'ephemeral'", "'view'") + ") }} select 1 as id")
    for index in range(c.rng.randint(2, 4)):
        kind = c.any("'ephemeral'", "'ephemeral'", "'ephemeral' if target.name == 'dev' else 'table'", "'table' if target.name == 'dev' else 'ephemeral'")
        body = c.any(f"select * from {{{{ ref('{last}') }}}}", f"with z as (select 1) select * from z, {{{{ ref('{last}') }}}}", f"WITH recursive q AS (select * from {{{{ ref('{last}') }}}}) select * from q;", f"-- top\nselect * from {{{{ ref('{last}') }}}} -- end")
        last = c.model(f'link{index}', f"{{{{ config(materialized={kind}) }}}}\n{body}\n-- {{{{ ref('{last}') }}}} -- r:e{c.n}x{index}")
    c.model('chain_end', f"select * from {{{{ ref('{last}') }}}} a join {{{{ ref('{c.name('base')}') }}}} b on true\n-- {{{{ ref('{last}') }}}} -- r:z{c.n}")
    c.declare('models/corners/chain.yml', 'models', {'name': last, 'columns': [{'name': 'id', 'data_tests': ['unique', 'not_null']}]})


@scene
def incremental(c: Scene) -> None:
    a = c.model('events', 'select 1 as id, now() as at')
    body = f"select * from {{{{ ref('{a}') }}}}\n{{% if is_incremental() %}}where at > (select max(at) from {{{{ this }}}}) and '{{{{ flags.FULL_REFRESH }}}}' = 'x'{{% endif %}}\n-- {{{{ ref('{a}') }}}} -- r:i{c.n}"
    c.model('inc', "{{ config(materialized='incremental', unique_key=" + c.any("'id'", "['id', 'at']") + ", incremental_strategy=" + c.any("'append'", "'delete+insert'", "'merge'") + ", on_schema_change='" + c.any('fail', 'append_new_columns') + "'" + c.any(', full_refresh=true', ', full_refresh=false', '', '') + ") }}\n" + body)
    c.model('inc_by_target', "{{ config(materialized='incremental' if target.name == 'prod' else 'table') }}\n" + body.replace(f'r:i{c.n}', f'r:j{c.n}'))
    c.model('micro', "{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='at', begin=" + c.any("'2024-01-01'", "modules.datetime.datetime(2024, 1, 1)", "'2024-01-01 03:00:00'") + f", batch_size='{c.any('day', 'hour', 'month', 'year')}', lookback={c.any(0, 1, 3)}" + c.any(', concurrent_batches=true', '') + ") }}\n" + f"select * from {{{{ ref('{a}') }}}}")
    c.declare('models/corners/inc.yml', 'models', {'name': a, 'config': {'event_time': 'at', 'freshness': {'build_after': {'count': 4, 'period': 'hour', 'updates_on': 'all'}}} if c.maybe() else {'event_time': 'at'}})


@scene
def dispatching(c: Scene) -> None:
    m = c.name('thing')
    c.file(f'macros/{m}.sql', f"{{% macro {m}(x) %}}{{{{ return(adapter.dispatch('{m}', '{c.owner}')(x)) }}}}{{% endmacro %}}\n{{% macro default__{m}(x) %}}default({{{{ x }}}}){{% endmacro %}}\n{c.any('{% macro duckdb__' + m + '(x) %}duck({{ x }}){% endmacro %}', '{% macro postgres__' + m + '(x) %}pg({{ x }}){% endmacro %}', '')}\n")
    root = c.project.root
    if c.owner != root and c.maybe():
        c.file(f'macros/over_{m}.sql', f"{{% macro {c.any('default', 'duckdb', 'snowflake')}__{m}(x) %}}root({{{{ x }}}}){{% endmacro %}}", root)
    if c.maybe():
        c.setting({'dispatch': [{'macro_namespace': c.owner, 'search_order': c.any([root, c.owner], [c.owner, root], ['annex', root, c.owner], [c.owner])}]}, root)
    c.model('dispatched', f"select {{{{ {c.owner}.{m}('a') }}}}, {{{{ adapter.dispatch('{m}', macro_namespace='{c.owner}')('b') }}}}, {{{{ adapter.dispatch(macro_name='{m}', macro_namespace='{c.owner}')('c') }}}}")
    if c.owner != root:
        c.file(f'models/corners/{c.name("dispatched_root")}.sql', f"select {{{{ {c.owner}.{m}('a') }}}}, {{{{ lodge.own(1) }}}}, {{{{ own is defined }}}}", root)


@scene
def variables(c: Scene) -> None:
    c.setting({'vars': {'plain': c.any('text', 5, 1.5, True, None, ['a', 'b'], {'k': 'v', 'n': None}), 'templated': '{{ target.name }}_t', c.owner: {'scoped': c.any('in_scope', [1, {'x': 'y'}]), 'plain': 'scoped plain'}}})
    root = c.project.root
    if c.owner != root:
        c.setting({'vars': {c.owner: {'from_root': 'r'}, 'everywhere': 'e'}}, root)
    c.model('vars', "select '{{ var('plain') }}', '{{ var('scoped', 'dflt') }}', '{{ var('templated') }}', '{{ var('from_root', 'none') }}', {{ var('everywhere', 3) }}, {{ var('plain') is string }}, {{ var.has_var('scoped') }}, {{ var('missing', none) }}, '{{ var(\"missing\", [1, \"a\"]) }}'")
    c.model('vars_cfg', "{{ config(schema=var('missing_schema', 'vs'), tags=var('tags', ['vt1', 'vt2']), meta={'v': var('plain')}, materialized=var('mat', 'table')) }} select '{{ env_var('CORNER_ENV', 'e') }}' as e, '{{ env_var(\"CORNER_ENV\", \"7\") | as_number }}'")
    c.declare('models/corners/vars.yml', 'models', {'name': c.name('vars'), 'description': "{{ var('plain') }} {{ var('scoped', 'no') }}", 'meta': {'t': "{{ var('templated') }}", 'e': "{{ env_var('CORNER_ENV', 'x') }}"}, 'columns': [{'name': "c", 'description': "{{ var('everywhere', 'nix') }}", 'data_tests': [{'accepted_values': {'arguments': {'values': ["{{ var('plain') }}", "{{ var('scoped', 'q') }}"]}}}]}]})
    c.declare('models/corners/vars.yml', 'sources', {'name': c.name('vsrc'), 'schema': "{{ var('missing_one', 'sss') }}", 'database': "{{ var('templated') }}", 'tables': [{'name': 't', 'identifier': "{{ env_var('CORNER_ENV', 'ident') }}"}]})
    c.model('vars_src', f"select * from {{{{ source('{c.name('vsrc')}', 't') }}}}\n-- {{{{ source('{c.name('vsrc')}', 't') }}}} -- r:q{c.n}")
    c.setting({'models': {c.owner: {'corners': {c.name('vars_cfg'): {'+alias': f"{{{{ var('ali', 'vc') }}}}_{c.n}", '+meta': {'p': "{{ var('not_here', 'dd') }}", 'e': "{{ env_var('CORNER_ENV', 'pp') }}"}}}}}})


@scene
def project_levels(c: Scene) -> None:
    f = c.name('lev')
    for index, folder in enumerate(['', 'one', 'one/two', 'one/two/three', 'dotted.dir', 'sp ace']):
        c.file(f'models/{f}/{folder}{"/" if folder else ""}{f}_{index}.sql', c.any('select 1 as id', "{{ config(tags=['own'], meta={'own': 1}) }} select 1 as id", "{{ config(materialized='table', schema='own_s', grants={'select': ['own']}) }} select 1 as id", "{{ config(tags='single', grants={'+select': 'plus'}) }} select 1 as id", "{{ config({'tags': ['dict'], 'schema': 'ds'}) }} select 1 as id", "{{ config(docs={'node_color': 'red'}, persist_docs={'columns': true}) }} select 1"))
    level = lambda: dict(c.rng.sample(list({'+tags': c.any(['p1'], 'p2', ['p3', 'p1']), '+meta': {'l': c.rng.randint(1, 9), c.any('a', 'b'): 1}, '+schema': c.any('s1', "{{ 'prod_s' if target.name == 'prod' else 's2' }}", None), '+materialized': c.any('table', 'view', 'ephemeral'), '+grants': c.any({'select': ['g1']}, {'+select': ['g2']}, {'insert': ['g3']}), '+docs': {'show': c.any(True, False)}, '+persist_docs': {'relation': True}, '+alias': None, '+enabled': True, '+database': c.any('lake', None), '+custom_key': c.any(1, [1], {'a': 1}), '+full_refresh': c.any(True, False, None), '+quoting': {'identifier': False}, '+query_tag': 'qt', '+column_types': {'id': 'int'}, '+event_time': 'et', '+contract': {'enforced': False}, '+batch_size': 'day', '+sql_header': 'set x', '+on_configuration_change': c.any('apply', 'continue', 'fail'), '+access': c.any('public', 'protected'), '+packages': ['p'], '+unique_key': 'k', '+static_analysis': 'off'}.items()), c.rng.randint(1, 5)))  # noqa: E731
    tree = {**level(), 'one': {**level(), 'two': {**level(), 'three': {**level(), f'{f}_3': level()}}}, 'dotted.dir': level(), 'sp ace': level(), 'none_such': level(), f'{f}_0': level()}
    for each in (tree, tree['one'], tree['one']['two'], tree['one']['two']['three']):
        for key in ('+alias',):
            each.pop(key, None)
    for each in (tree, tree['one'], tree['one']['two'], tree['one']['two']['three'], tree['dotted.dir'], tree['sp ace'], tree['none_such'], tree[f'{f}_0'], tree['one']['two']['three'][f'{f}_3']):
        if each.get('+materialized') == 'ephemeral' or each.get('+access') == 'public':
            each.pop('+access', None)
    c.setting({'models': {c.owner: {f: tree}}})
    root = c.project.root
    if c.owner != root and c.maybe():
        c.setting({'models': {c.owner: {f: {**{k: v for k, v in level().items() if k not in ('+access', '+alias')}, 'one': {k: v for k, v in level().items() if k not in ('+access', '+alias')}}}}}, root)
    if c.maybe():
        entry = {'name': f'{f}_1', 'config': {k[1:]: v for k, v in level().items() if k not in ('+access', '+alias', '+static_analysis')}}
        c.declare(f'models/{f}/levels.yml', 'models', entry)
    if c.maybe():
        c.declare(f'models/{f}/levels.yml', 'models', {'name': f'{f}_2', 'docs': {'show': False, 'node_color': 'blue'}, 'tags': 'toptag', 'meta': {'top': 1}, 'description': 'd'})


@scene
def functions(c: Scene) -> None:
    f = c.name('fn')
    c.file(f'functions/{c.any("", "deep/")}{f}.sql', c.any('x + 1', "{{ config(tags=['ft']) }}x + {{ var('inc', 1) }}", "x + (select max(id) from {{ ref('" + c.model('fnbase') + "') }})"))
    c.declare('functions/f.yml', 'functions', {'name': f, 'description': 'adds', 'arguments': [{'name': 'x', 'data_type': 'integer', 'description': 'an x'}], 'returns': {'data_type': 'integer'}, 'config': c.any({'schema': 'fns'}, {'volatility': 'deterministic'}, {'type': 'scalar', 'meta': {'a': 1}}, {'alias': f'{f}_al'}, {'tags': ['x']})})
    c.model('uses_fn', f"select {{{{ function('{f}') }}}}(1), {{{{ function('{c.owner}', '{f}') }}}}(2)\n-- {{{{ function('{f}') }}}} -- r:f{c.n}")


@scene
def materialization(c: Scene) -> None:
    m = c.name('mat')
    c.file(f'macros/{m}.sql', c.any("{% materialization " + m + ", default %}{% set x = 1 %}{{ return({'relations': []}) }}{% endmaterialization %}", "{% materialization " + m + ", adapter='duckdb', supported_languages=['sql', 'python'] %}{{ return({'relations': [this]}) }}{% endmaterialization %}"))
    a = c.model('custom_mat', f"{{{{ config(materialized='{m}', anything='goes', deep={{'a': [1]}}) }}}}select 1 as id")
    c.model('reads_mat', f"select * from {{{{ ref('{a}') }}}}\n-- {{{{ ref('{a}') }}}} -- r:m{c.n}")


@scene
def docs(c: Scene) -> None:
    d = c.name('doc')
    c.file(f'models/corners/{c.any("docs", "more")}_{c.n}.md', f"# head\n{{% docs {d} %}}\n  About **it** é\n\n{{% raw %}}{{{{ x }}}}{{% endraw %}}\n{{% enddocs %}}\ntext between\n{{%- docs {d}_b -%}} second {{%- enddocs -%}}\n{{% docs __{c.owner}__ %}}over{{% enddocs %}}")
    a = c.model('documented')
    text = c.any(f"{{{{ doc('{d}') }}}}", f"a {{{{ doc('{c.owner}', '{d}_b') }}}} b {{{{ doc(\"{d}\") }}}}", f"{{% if true %}}{{{{ doc('{d}_b') }}}}{{% endif %}}")
    c.declare('models/corners/doc.yml', 'models', {'name': a, 'description': text, 'columns': [{'name': 'id', 'description': text}, {'name': 'n', 'description': f"{{{{ doc('{d}') }}}}\n"}]})
    c.declare('models/corners/doc.yml', 'sources', {'name': c.name('dsrc'), 'description': text, 'tables': [{'name': 't', 'description': text, 'columns': [{'name': 'x', 'description': text}]}]})
    c.declare('models/corners/doc.yml', 'exposures', {'name': c.name('dexp'), 'type': 'ml', 'owner': {'email': 'x'}, 'description': text, 'depends_on': [f"ref('{a}')"]})
    c.file(f'macros/{c.name("dm")}.sql', f"{{% macro {c.name('dm')}(x, y=1) %}}{{% endmacro %}}")
    c.declare('macros/dm.yml', 'macros', {'name': c.name('dm'), 'description': text, 'arguments': [{'name': 'x', 'type': 'string', 'description': text}], 'docs': {'show': False}, 'meta': {'a': 1}})
    c.file(f'analyses/{c.name("ana")}.sql', f"select * from {{{{ ref('{a}') }}}}")
    c.declare('analyses/a.yml', 'analyses', {'name': c.name('ana'), 'description': text, 'columns': [{'name': 'x', 'description': text}], 'config': {'tags': ['an']}})


@scene
def contracts(c: Scene) -> None:
    a, b = c.model('pk', "{{ config(materialized='table') }} select 1 as id, 'x' as t"), c.model('fk', "{{ config(materialized='incremental') }} select 1 as id, 2 as pk_id")
    c.declare('models/corners/contracts.yml', 'models', {'name': a, 'config': {'contract': c.any({'enforced': True}, {'enforced': True, 'alias_types': False}), 'on_schema_change': 'fail'}, 'constraints': [{'type': 'primary_key', 'columns': ['id'], 'name': 'pk'}, {'type': 'unique', 'columns': ['id', 't'], 'expression': 'x', 'warn_unsupported': False}], 'columns': [{'name': 'id', 'data_type': 'int', 'constraints': [{'type': 'not_null'}, {'type': 'check', 'expression': "id > {{ var('low', 0) }}"}], 'data_tests': ['unique']}, {'name': 't', 'data_type': 'varchar', 'quote': True}]})
    c.declare('models/corners/contracts.yml', 'models', {'name': b, 'config': {'contract': {'enforced': True}, 'on_schema_change': 'append_new_columns'}, 'constraints': [{'type': 'foreign_key', 'columns': ['pk_id'], 'to': f"ref('{a}')", 'to_columns': ['id']}], 'columns': [{'name': 'id', 'data_type': 'int'}, {'name': 'pk_id', 'data_type': 'int', 'constraints': [{'type': 'foreign_key', 'to': c.any(f"ref('{a}')", f"ref('{c.owner}', '{a}')"), 'to_columns': ['id']}, {'type': 'foreign_key', 'expression': 'other (id)'}]}]})


@scene
def unit_tests(c: Scene) -> None:
    a, src = c.model('ut_in', 'select 1 as id, 2 as n'), c.name('utsrc')
    c.declare('models/corners/utsrc.yml', 'sources', {'name': src, 'tables': [{'name': 't'}]})
    b = c.model('ut_model', f"{{{{ config(materialized='incremental') }}}}select * from {{{{ ref('{a}') }}}} join {{{{ source('{src}', 't') }}}}{{% if is_incremental() %}} where 1 = (select 1 from {{{{ this }}}}){{% endif %}}")
    c.file(f'tests/fixtures/{c.name("fix")}.csv', 'id,n\n1,2\n')
    c.file(f'tests/fixtures/{c.name("fixs")}.sql', 'select 1 as id')
    given = [{'input': f"ref('{a}')", **c.any({'rows': [{'id': 1, 'n': None}]}, {'format': 'csv', 'rows': 'id,n\n1,2'}, {'format': 'sql', 'rows': 'select 1 as id, 2 as n'}, {'format': 'csv', 'fixture': c.name('fix')}, {'format': 'sql', 'fixture': c.name('fixs')})},
             {'input': f"source('{src}', 't')", 'rows': []}, {'input': 'this', 'rows': [{'id': 2}]}]
    c.declare('models/corners/ut.yml', 'unit_tests', {'name': c.name('ut'), 'description': 'tests', 'model': b, 'given': given, 'expect': c.any({'rows': [{'id': 1}]}, {'format': 'csv', 'fixture': c.name('fix')}), 'config': c.any({'tags': 'u'}, {'meta': {'a': 1}, 'tags': ['x', 'y']}, {'enabled': c.any(True, False)}), 'overrides': {'macros': {'is_incremental': c.any(True, False)}, **({'vars': {'v': 1}, 'env_vars': {'E': 'x'}} if c.maybe() else {})}})
    if c.maybe():
        c.setting({'unit-tests': {c.owner: {'+tags': ['ut_proj']}}}) if False else c.setting({'unit_tests': {'+tags': ['ut_proj'], c.owner: {'corners': {'+meta': {'u': 1}}}}})


@scene
def python_models(c: Scene) -> None:
    a = c.model('for_py')
    c.file(f'models/corners/{c.name("py")}.py', f"""import pandas as pd
from datetime import date

def helper(x):
    return x

def model(dbt, session):
    dbt.config(materialized='table', {c.any("tags=['py', 'th']", "schema='pys'", "packages=['numpy==1', 'x']", f"alias='py_alias_{c.n}'", "meta={'a': 1}", "custom=3")})
    df = dbt.ref("{a}")
    other = dbt.ref('{c.owner}', '{a}')
    v = dbt.config.get("custom_cfg", {c.any("'dd'", '1', 'None')})
    w = dbt.config.get('materialized')
    if dbt.is_incremental:
        t = dbt.this
    return df
""")
    if c.maybe():
        c.declare('models/corners/py.yml', 'models', {'name': c.name('py'), 'config': {'custom_cfg': c.any([1], 'x', {'a': 'b'}), 'tags': ['yml'], 'submission_method': 'x'}, 'columns': [{'name': 'id', 'data_tests': ['unique']}]})
    c.model('after_py', f"select * from {{{{ ref('{c.name('py')}') }}}}\n-- {{{{ ref('{c.name('py')}') }}}} -- r:y{c.n}p")


@scene
def graph_use(c: Scene) -> None:
    a = c.model('gu', "{{ config(tags=['gu'], meta={'k': 1}) }} select 1 as id")
    c.declare('models/corners/gu.yml', 'models', {'name': a, 'description': 'gu d', 'columns': [{'name': 'id', 'description': 'the id', 'data_tests': ['unique']}]})
    n = c.name('gu')
    texts = [
        f"{{% if execute %}}{{% for node in graph.nodes.values() | selectattr('name', 'equalto', '{n}') %}}{{{{ node.unique_id }}}} {{{{ node.schema }}}}.{{{{ node.alias }}}} {{{{ node.config.materialized }}}} {{{{ node.tags }}}} {{{{ node.meta }}}} {{{{ node.columns.keys() | list }}}} {{{{ node.description }}}} {{{{ node.depends_on }}}} {{{{ node.fqn }}}} {{{{ node.relation_name }}}} {{{{ node.path }}}} {{{{ node.original_file_path }}}}{{% endfor %}}{{% endif %}}",
        f"-- depends_on: {{{{ ref('{n}') }}}}\n{{% if execute %}}{{% set m = graph.nodes['model.{c.owner}.{n}'] %}}{{{{ m.config.tags }}}} {{{{ m.config.meta }}}} {{{{ m.access }}}} {{{{ m.checksum.name }}}} {{{{ m.language }}}} {{{{ m.package_name }}}} {{{{ m.resource_type }}}} {{{{ m.refs }}}} {{{{ m.raw_code | length }}}} {{{{ m.columns.id.description }}}} {{{{ m.columns['id'] }}}}{{% endif %}}",
        "{{ model.unique_id }} {{ model.name }} {{ model.alias }} {{ model.schema }} {{ model.database }} {{ model.fqn }} {{ model.tags }} {{ model.config.materialized }} {{ model.resource_type }} {{ model.path }} {{ model.package_name }} {{ model.refs }} {{ model.depends_on.nodes }} {{ model.original_file_path }} {{ model.description }} {{ model.columns }} {{ model.language }}",
        f"select * from {{{{ ref('{n}') }}}} -- {{{{ model.refs }}}} {{{{ model.depends_on }}}} {{{{ model['config']['tags'] }}}} {{{{ model.meta }}}} {{{{ model.docs }}}} {{{{ model.access }}}} {{{{ model.group }}}} {{{{ model.contract }}}} {{{{ model.unrendered_config }}}} {{{{ model.config_call_dict is defined }}}}",
        "{{ this }} {{ this.database }} {{ this.schema }} {{ this.table }} {{ this.name }} {{ this.identifier }} {{ this.type }} {{ this.include(schema=false) }}",
        "{{ target.name }} {{ target.type }} {{ target.schema }} {{ target.database }} {{ target.threads }} {{ target.profile_name }} {{ target.get('x', 'dd') }} {{ target.user }} {{ target['name'] }} {{ project_name }} {{ schema }} {{ database }} {{ dbt_version[:2] }} {{ invocation_id is string }} {{ flags.WHICH if false }} {{ execute }}",
        "{{ graph.sources.values() | list | length >= 0 }} {{ graph.exposures is mapping }} {{ graph.metrics | length >= 0 }} {{ graph.groups is defined }} {{ graph.keys() | list | sort }}",
        "{{ config.get('materialized') }} {{ config.get('tags') }} {{ config.get('nope', default='d') }} {{ config.require('materialized') }} {{ config.get('meta') }} {{ config.get('schema') }} {{ config.persist_relation_docs() }} {{ config.persist_column_docs() }} {{ config.get('enabled') }} {{ config.get('docs') }} {{ config.get('grants') }} {{ config.get('full_refresh') }}",
        "{{ tojson(model.config) | length > 0 }} {{ fromjson('{\"a\": [1, 2.5, null]}') }} {{ toyaml({'a': 1, 'b': [1, 'x']}) }} {{ fromyaml('a: 1') }} {{ local_md5('x') }} {{ zip([1, 2], ['a', 'b']) | list }} {{ set([1, 1]) | length }} {{ modules.datetime.date(2024, 2, 29).strftime('%Y/%m/%d') }} {{ modules.re.sub('a+', 'b', 'caat') }} {{ modules.itertools.product([1], [2]) | list }} {{ range(3) | list }} {{ dict(a=1) }}",
        f"{{% set c = namespace(n=0) %}}{{% for node in graph.nodes.values() if node.resource_type == 'test' and node.package_name == '{c.owner}' and '{n}' in node.name %}}{{% set c.n = c.n + 1 %}}{{{{ node.name }}}} {{{{ node.test_metadata }}}} {{{{ node.column_name }}}}{{% endfor %}}{{{{ c.n }}}}",
        "{{ selected_resources | length >= 0 }} {{ builtins.keys() | list | sort }} {{ pre_hooks }} {{ post_hooks }} {{ sql is defined }} {{ compiled_code is defined }} {{ context is defined }} {{ env_var is callable }} {{ exceptions is defined }} {{ adapter.type() }} {{ column is defined }} {{ dbt_metadata_envs }} {{ diff_of_two_dicts({'a': ['x', 'y']}, {'a': ['x']}) }} {{ print('') }} {{ doc is defined }} {{ ref is callable }} {{ metric is defined }} {{ load_result('x') }}",
    ]
    for index, text in enumerate(c.rng.sample(texts, 6)):
        c.model(f'guse{index}', text)


@scene
def yaml_oddities(c: Scene) -> None:
    n = c.name('odd')
    c.model('odd')
    c.model('odd2')
    c.file(f'models/corners/{n}.yml', f"""
x-common: &common
  severity: warn
  tags: [anchored, "yes"]
models:
  - name: {n}
    description: >
      folded
      text

      {c.any('more', '{{ target.name }}')}
    config:
      meta: {{when: 2024-05-06, at: 2024-05-06T07:08:09Z, yes: on, octal: 010, hex: 0x1F, float: 1e3, sexa: 1:30, nul: ~, empty: ''}}
      tags: [1, 2.5, true]
    columns:
      - name: id
        description: |
          literal
            text
        data_tests:
          - unique: {{config: *common}}
          - accepted_values:
              arguments:
                values: [1, 1.0, true, null, 2024-05-06, "x"]
      - name: {c.any('"null"', 'nullx', '"1"')}
        meta: {{<<: *common, severity: error}}
        data_type: {c.any('numeric(10,2)', 'ARRAY<STRING>', "timestamp")}
  - name: {c.name('odd2')}
    config: {{materialized: table, "+tags": x}}
""".replace(', "+tags": x', ''))


@scene
def metrics(c: Scene) -> None:
    if c.owner != c.project.root:
        return
    a = c.model('facts', 'select 1 as id, 2 as amount, now() as at, 3 as user_id')
    n = c.n
    c.file(f'models/corners/{c.name("spine")}.sql', 'select 1 as day')
    c.declare(f'models/corners/spine{n}.yml', 'models', {'name': c.name('spine'), 'time_spine': {'standard_granularity_column': 'day'}, 'columns': [{'name': 'day', 'granularity': 'day'}]})
    c.declare(f'models/corners/sem{n}.yml', 'semantic_models', {'name': f'facts_sm_{n}', 'model': f"ref('{a}')", 'description': '{{ target.name }}', 'defaults': {'agg_time_dimension': 'at'}, 'entities': [{'name': f'fact_{n}', 'type': 'primary', 'expr': 'id'}, {'name': f'user_{n}', 'type': 'foreign', 'expr': 'user_id'}],
              'dimensions': [{'name': 'at', 'type': 'time', 'type_params': {'time_granularity': 'day'}}, {'name': 'amount_cat', 'type': 'categorical', 'expr': 'case when amount > 1 then 1 end', 'label': 'L'}], 'measures': [{'name': f'total_{n}', 'agg': 'sum', 'expr': 'amount', 'create_metric': c.any(True, False), 'description': 'm'}, {'name': f'cnt_{n}', 'agg': 'count_distinct', 'expr': 'user_id'}, {'name': f'p_{n}', 'agg': 'percentile', 'expr': 'amount', 'agg_params': {'percentile': 0.5}}], **({'config': {'meta': {'a': 1}, 'tags': ['sm']}} if c.maybe() else {})})
    ms = [
        {'name': f'money_{n}', 'label': 'M', 'type': 'simple', 'type_params': {'measure': c.any(f'total_{n}', {'name': f'total_{n}', 'fill_nulls_with': 0, 'filter': f"{{{{ Dimension('fact_{n}__amount_cat') }}}} = 1", 'join_to_timespine': True})}, 'filter': c.any(f"{{{{ Dimension('fact_{n}__amount_cat') }}}} = 1", [f"{{{{ TimeDimension('fact_{n}__at', 'day') }}}} > 1", f"{{{{ Entity('user_{n}') }}}} = 1"]), 'description': 'd {{ target.name }}', 'config': {'meta': {'x': 1}, 'tags': ['mt'], 'group': None} if False else {'meta': {'x': 1}, 'tags': ['mt']}},
        {'name': f'half_{n}', 'label': 'H', 'type': 'derived', 'type_params': {'expr': 'aa / 2', 'metrics': [{'name': f'money_{n}', 'alias': 'aa', 'offset_window': '1 month', 'filter': f"{{{{ Dimension('fact_{n}__amount_cat') }}}} = 2"}]}},
        {'name': f'ratio_{n}', 'label': 'R', 'type': 'ratio', 'type_params': {'numerator': f'money_{n}', 'denominator': {'name': f'users_{n}', 'filter': f"{{{{ Dimension('fact_{n}__amount_cat') }}}} = 1"}}},
        {'name': f'users_{n}', 'label': 'U', 'type': 'simple', 'type_params': {'measure': f'cnt_{n}'}},
        {'name': f'cum_{n}', 'label': 'C', 'type': 'cumulative', 'type_params': {'measure': f'total_{n}', 'cumulative_type_params': c.any({'window': '7 days'}, {'grain_to_date': 'month', 'period_agg': 'first'})}},
    ]
    for each in ms:
        c.declare(f'models/corners/met{n}.yml', 'metrics', each)
    c.declare(f'models/corners/met{n}.yml', 'saved_queries', {'name': f'sq_{n}', 'description': 's', 'label': 'SQ', 'query_params': {'metrics': [f'money_{n}'], 'group_by': [f"TimeDimension('fact_{n}__at', 'day')", f"Dimension('fact_{n}__amount_cat')"], 'where': [f"{{{{ Dimension('fact_{n}__amount_cat') }}}} = 1"]}, 'exports': [{'name': 'e', 'config': c.any({'export_as': 'table'}, {'export_as': 'view', 'schema': 'ex', 'alias': 'al'})}], 'config': {'cache': {'enabled': True}} if c.maybe() else {'tags': ['sqt']}})
    c.declare(f'models/corners/met{n}.yml', 'exposures', {'name': c.name('mexp'), 'type': 'dashboard', 'owner': {'email': 'x'}, 'depends_on': [f"metric('half_{n}')", f"ref('{a}')"]})


@scene
def overriding(c: Scene) -> None:
    root = c.project.root
    if c.owner != root:
        return
    c.file('macros/overrides.sql', c.any(
        "{% macro ref() %}\n{% set version = kwargs.get('version') or kwargs.get('v') %}\n{% if varargs | length == 2 %}{% set rel = builtins.ref(varargs[0], varargs[1], version=version) %}{% else %}{% set rel = builtins.ref(varargs[0], version=version) %}{% endif %}\n{{ return(rel.include(database=false)) }}\n{% endmacro %}",
        "{% macro source(a, b) %}{{ return(builtins.source(a, b).include(database=false)) }}{% endmacro %}",
        "{% macro ref() %}{% do return(builtins.ref(*varargs, **kwargs)) %}{% endmacro %}",
        "{% macro config() %}{{ builtins.config(**kwargs) }}{% endmacro %}" if False else "{% macro source() %}{% do return(builtins.source(*varargs)) %}{% endmacro %}",
        "{% macro is_incremental() %}{{ return(false) }}{% endmacro %}",
        "{% macro ref(model_name, v=none, version=none) %}{% set r = builtins.ref(model_name, v=v or version) %}{% do return(r if target.name == 'dev' else r.incorporate(path={'database': 'proddb'})) %}{% endmacro %}",
    ))
    a = c.model('ov')
    c.declare('models/corners/ov.yml', 'sources', {'name': c.name('ovs'), 'tables': [{'name': 't'}]})
    c.model('ov_reads', f"select * from {{{{ ref('{a}') }}}}, {{{{ source('{c.name('ovs')}', 't') }}}}\n-- {{{{ ref('{a}') }}}} -- r:o{c.n}\n-- {{{{ builtins.ref('{a}') }}}} -- r:b{c.n}")


@scene
def analyses_and_operations(c: Scene) -> None:
    a = c.model('for_ana')
    c.file(f'analyses/{c.any("", "x/")}{c.name("look")}.sql', f"{{{{ config(tags=['an'], enabled={c.any('true', 'false')}) }}}}select * from {{{{ ref('{a}') }}}}\n-- {{{{ ref('{a}') }}}} -- r:l{c.n}")
    if c.maybe():
        c.setting({'analyses': {c.owner: {'+tags': ['proj_an'], '+meta': {'x': 1}}}}) if False else c.declare('analyses/look.yml', 'analyses', {'name': c.name('look'), 'description': 'x', 'config': {'meta': {'a': 1}}})


@scene
def seeds(c: Scene) -> None:
    for index in range(3):
        c.file(f'seeds/{c.any("", "a/", "a/b/")}{c.name("seed")}{index}.csv', c.any('id,name\n1,a\n', '\ufeffid,x\n1,2\n', 'id;x\n1;2\n', ''))
    c.declare('seeds/seeds.yml', 'seeds', {'name': c.name('seed') + '0', 'description': 'x', 'config': c.any({'column_types': {'id': 'bigint'}, 'delimiter': ';'}, {'schema': 'ss', 'alias': f'sa_{c.n}', 'enabled': True}, {'quote_columns': True, 'tags': 's'}, {'full_refresh': True, 'docs': {'show': False}}), 'columns': [{'name': 'id', 'data_tests': ['unique', 'not_null']}], 'data_tests': [{'unique': {'column_name': 'id'}}] if False else []})
    c.setting({'seeds': {'+tags': ['allseeds'], c.owner: {'a': {'+schema': 'aseed', 'b': {'+enabled': c.any(True, "{{ target.name != 'zzz' }}"), '+column_types': {'id': 'int'}, '+quote_columns': c.any(True, False, None)}}}}})
    c.model('reads_seed', f"select * from {{{{ ref('{c.name('seed')}1') }}}}\n-- {{{{ ref('{c.name('seed')}1') }}}} -- r:d{c.n}")


@scene
def cross_package(c: Scene) -> None:
    root = c.project.root
    shared = c.name('shared')
    for owner in ('lodge', 'annex'):
        c.file(f'models/{shared}.sql', f"select '{owner}' as id", owner)
        c.file(f'models/{c.name("uses_" + owner)}.sql', f"select * from {{{{ ref('{shared}') }}}}\n-- {{{{ ref('{shared}') }}}} -- r:x{c.n}{owner}", owner)
        c.file(f'models/{c.name(owner + "_only")}.sql', "select 1 as id", owner)
    if c.maybe():
        c.file(f'models/{shared}.sql', "select 'root' as id", root)
        c.setting({'models': {root: {shared: {'+schema': 'own_schema'}}}}, root)
    c.file(f'models/{c.name("cross")}.sql', f"select * from {{{{ ref('lodge', '{shared}') }}}}, {{{{ ref('annex', '{shared}') }}}}, {{{{ ref('{c.name('lodge_only')}') }}}}\n-- {{{{ ref('lodge', '{shared}') }}}} -- r:k{c.n}\n-- {{{{ ref('{c.name('annex_only')}') }}}} -- r:h{c.n}", root)
    c.setting({'models': {'lodge': c.any({'+schema': 'lodge_s'}, {'+database': 'lake', shared: {'+materialized': 'table'}}, {'+enabled': True, '+tags': ['from_root']}, {'+meta': {'r': 1}, c.name('lodge_only'): {'+alias': f'renamed_{c.n}'}}), '+persist_docs': {'relation': True}}}, root)
    c.setting({'models': {'lodge': {'+schema': 'own_lodge', '+tags': ['own']}, '+meta': {'bare': 1}}}, 'lodge')
    c.setting({'flags': {'require_ref_searches_node_package_before_root': c.any(True, False)}}, root) if c.maybe(0.3) else None
    if c.maybe(0.4):
        c.declare(f'models/patches_{c.n}.yml', 'models', {'name': shared, 'description': 'patched here', 'columns': [{'name': 'id', 'data_tests': ['unique']}]}, 'lodge')
    if c.maybe(0.4):
        c.setting({'seeds': {'annex': {'+enabled': c.any(True, False)}}, 'snapshots': {'annex': {'+schema': 'x'}}}, root)


@scene
def exposures(c: Scene) -> None:
    a, b = c.model('ex_a'), c.model('ex_b')
    c.declare('models/corners/exsrc.yml', 'sources', {'name': c.name('exs'), 'tables': [{'name': 't'}]})
    c.declare('models/corners/ex.yml', 'exposures', {'name': c.name('ex'), 'type': c.any('dashboard', 'notebook', 'analysis', 'ml', 'application'), 'label': 'A {{ target.name }}', 'maturity': c.any('high', 'medium', 'low'), 'url': 'https://x/{{ target.name }}', 'owner': c.any({'name': 'n', 'email': 'e'}, {'email': 'e', 'extra': 'z'}), 'description': "{{ var('area', 'zz') }}", 'depends_on': [f"ref('{a}')", f'ref("{c.owner}", "{b}")', f"source('{c.name('exs')}', 't')"], **c.any({'tags': ['x'], 'meta': {'a': 1}}, {'config': {'tags': ['c'], 'meta': {'m': 1}}}, {'config': {'enabled': c.any(True, False)}}, {})})
    if c.maybe():
        c.setting({'exposures': {c.owner: {'+tags': ['pexp'], '+meta': {'pm': 1}, 'corners': {'+enabled': True}}}})


@scene
def inline_macros(c: Scene) -> None:
    a = c.model('im')
    c.model('im_own', f"{{% macro im_{c.n}(x) %}}<{{{{ x }}}}>{{% endmacro %}}{{% set y = 3 %}}select '{{{{ dbt_macro__im_{c.n}(y) }}}}' from {{{{ ref('{a}') }}}}") if c.maybe(0.3) else None
    c.file(f'macros/{c.name("lib")}.sql', f"""{{% set top = 'invisible' %}}
{{% macro {c.name('m1')}(a, b='d', *args) %}}{{% endmacro %}}
""".replace(', *args', '') + f"""{{% macro {c.name('m2')}(a, b='d') %}}{{{{ a }}}}-{{{{ b }}}}-{{{{ varargs }}}}-{{{{ kwargs }}}}-{{{{ top is defined }}}}{{% endmacro %}}
{{% macro {c.name('m3')}() %}}{{% set x = {{'a': [1, 2]}} %}}{{% do x['a'].append(3) %}}{{{{ return(x) }}}}{{% endmacro %}}
{{% macro {c.name('m4')}(rel) -%}} {{%- if rel is string -%}} s:{{{{ rel }}}} {{%- elif rel is none -%}} none {{%- else -%}} r:{{{{ rel.identifier }}}} {{%- endif -%}} {{%- endmacro %}}
{{% macro {c.name('m5')}(n) %}}{{% for i in range(n) recursive %}}{{{{ loop.depth }}}}{{% endfor %}}{{{{ caller() if caller else 'no' }}}}{{% endmacro %}}
""")
    p = f'{c.owner}.{{}}_{c.n}'.format
    c.model('im_uses', f"{{{{ {p('m2')}(1, 2, 3, k=4) }}}} {{{{ {p('m2')}(b='x') }}}} {{{{ {p('m3')}()['a'] | sum }}}} {{{{ {p('m4')}(ref('{a}')) }}}} {{{{ {p('m4')}('s') }}}} {{{{ {p('m4')}(none) }}}} {{{{ {p('m5')}(2) }}}} {{% call {p('m5')}(1) %}}body{{% endcall %}} {{% set s = {p('m3')} %}}{{{{ s() }}}} {{{{ context['{c.owner}'] is defined }}}} {{{{ {c.owner}.get('nothing_here') is none }}}}")


@scene
def query_comment(c: Scene) -> None:
    if c.owner != c.project.root:
        return
    c.setting({'query-comment': c.any('plain', None, {'comment': "{{ model_id }}" if False else 'x {{ target.name }}', 'append': True}, '', {'comment': None} if False else {'comment': 'y', 'job-label': True})})
    c.setting(c.any({'quoting': {'database': c.any(True, False), 'identifier': c.any(True, False)}}, {'quoting': {'schema': False}}, {'quoting': {}}, {'clean-targets': ['x']}, {'docs-paths': ['models']}, {'asset-paths': ['assets']}, {'require-dbt-version': ['>=1.0.0', '<3.0.0']}))


@scene
def file_names(c: Scene) -> None:
    names = c.rng.sample([f'UPPER_{c.n}', f'dash-{c.n}', f'ünï_{c.n}', f'1digit_{c.n}', f'd.ot_{c.n}', f'__under_{c.n}', f'select_{c.n}'], 3)
    for each in names:
        c.file(f'models/corners/{each}.sql', 'select 1 as id')
    c.model('reads_names', '\n'.join(f"-- {{{{ ref('{each}') }}}} -- r:f{c.n}x{index}" for index, each in enumerate(names)))
    c.declare('models/corners/file_names.yml', 'models', {'name': names[0], 'columns': [{'name': 'Column One', 'data_tests': ['unique', 'not_null'], 'quote': True}, {'name': 'b', 'data_tests': ['unique']}]})
    c.file(f'models/corners/.hidden_{c.n}.sql', 'select broken {{')
    c.file(f'models/corners/readme_{c.n}.txt', '{{ nothing')
    c.file(f'models/corners/note_{c.n}.md', 'no docs here')
