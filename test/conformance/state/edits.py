"""The edits of record.py: name → {file: new text, (old, new) for a replacement, or None to delete it}. EXTRA stands on both sides."""

EXTRA = {
    'models/contracted/plain.sql': "{{ config(materialized='table') }}\nselect 1 as id, 'x' as label",
    'models/contracted/versioned_v1.sql': 'select 1 as id',
    'models/contracted/versioned_v2.sql': 'select 1 as id, 2 as n',
    'models/contracted/c.yml': '''
models:
  - name: plain
    config: {contract: {enforced: true}}
    constraints:
      - {type: primary_key, columns: [id]}
    columns:
      - {name: id, data_type: integer, constraints: [{type: not_null}]}
      - {name: label, data_type: varchar(10)}
  - name: versioned
    latest_version: 1
    config: {contract: {enforced: true}, materialized: table}
    columns: [{name: id, data_type: integer}]
    versions:
      - v: 1
      - v: 2
        columns: [{include: all}, {name: n, data_type: integer}]
''',
    'models/calls/uses.sql': "{{ config(pre_hook=\"{{ hooked() }}\", meta={'a': 1}) }}\nselect {{ outer() }} as x, {{ tides.tidal() }} as y",
    'models/calls/persisted.sql': "{{ config(persist_docs={'relation': true, 'columns': true}) }}\nselect 1 as a, 2 as b",
    'models/calls/calls.yml': '''
models:
  - name: persisted
    description: "the {{ doc('words') }}"
    columns:
      - {name: a, description: first}
  - name: uses
    description: not persisted
    config: {grants: {select: [u, w]}, docs: {show: true}}
    deprecation_date: 2030-01-01
    access: protected
''',
    'models/calls/d.md': '{% docs words %}words{% enddocs %}',
    'macros/calls.sql': '{% macro inner() %}1{% endmacro %}\n{% macro outer() %}{{ inner() }}{% endmacro %}\n{% macro hooked() %}select 1{% endmacro %}\n{% macro unused() %}2{% endmacro %}\n',
    'packages_local/tides/macros/tidal.sql': '{% macro tidal() %}5{% endmacro %}',
}

C = 'models/contracted/c.yml'
CALLS = 'models/calls/calls.yml'
FIN = 'models/marts/finance/fin.yml'
STG = 'models/staging/stg.yml'
ORDERS = 'models/marts/core/orders.sql'

EDITS = {
    'nothing': {},
    'sql-change': {'models/staging/stg_orders.sql': ('select *', 'select 1, *')},
    'sql-space-end': {'models/staging/stg_orders.sql': ('select *', '\n  select *')},
    'sql-space-inner': {'models/staging/stg_orders.sql': ('select *', 'select  *')},
    'sql-comment': {'models/staging/stg_orders.sql': ('select *', '-- c\nselect *')},
    'sql-crlf': {'models/calls/persisted.sql': ('}}\n', '}}\r\n')},
    'py-change': {'models/marts/core/pymodel.py': ('return', '# c\n    return')},
    'cfg-materialized': {ORDERS: ("materialized='incremental'", "materialized='table'")},
    'cfg-tags': {ORDERS: ("tags='nightly'", "tags=['nightly', 'x']")},
    'cfg-group': {ORDERS: ("group='money', ", '')},
    'cfg-alias': {ORDERS: ("group='money', ", "group='money', alias='o', ")},
    'cfg-schema-jinja': {ORDERS: ("group='money', ", "group='money', schema=target.schema, ")},
    'cfg-meta': {'models/calls/uses.sql': ("{'a': 1}", "{'a': 2}")},
    'cfg-unknown-key': {ORDERS: ("group='money', ", "group='money', foo_bar=1, ")},
    'cfg-enabled-written': {ORDERS: ("group='money', ", "group='money', enabled=true, ")},
    'cfg-hook': {'models/calls/uses.sql': ('pre_hook', 'post_hook')},
    'cfg-static-to-jinja': {'models/staging/stg_eph.sql': ('{{ config', "{% set x = 1 %}{{ config")},
    'cfg-persist-on': {'models/calls/uses.sql': ("meta={'a': 1}", "meta={'a': 1}, persist_docs={'relation': true}")},
    'yml-description': {CALLS: ('description: not persisted', 'description: changed')},
    'yml-persisted': {CALLS: ("the {{ doc('words') }}", "a {{ doc('words') }}")},
    'yml-persisted-doc': {'models/calls/d.md': ('}words', '}other words')},
    'yml-persisted-column': {CALLS: ('description: first', 'description: second')},
    'yml-persisted-column-added': {CALLS: ('      - {name: a, description: first}', '      - {name: a, description: first}\n      - {name: b}')},
    'yml-grants': {CALLS: ('[u, w]', '[u, v]')},
    'yml-docs': {CALLS: ('show: true', 'show: false')},
    'yml-tags': {STG: ('[daily, nightly]', '[daily]')},
    'yml-meta': {STG: ('pii: true', 'pii: false')},
    'yml-alias': {STG: ('{tags: [daily', '{alias: other, tags: [daily')},
    'yml-deprecation': {CALLS: ('2030-01-01', '2031-01-01')},
    'yml-access': {CALLS: ('access: protected', 'access: public')},
    'yml-latest': {FIN: ('latest_version: 2', 'latest_version: 3')},
    'proj-materialized': {'dbt_project.yml': ('+materialized: view', '+materialized: table')},
    'proj-schema': {'dbt_project.yml': ('+materialized: view', '+materialized: view\n      +schema: other')},
    'proj-schema-jinja': {'dbt_project.yml': ('+materialized: view', "+materialized: view\n      +schema: \"{{ target.name }}\"")},
    'proj-tags': {'dbt_project.yml': ('[all_models]', '[all_models, more]')},
    'proj-persist': {'dbt_project.yml': ('columns: false', 'columns: true')},
    'proj-test-severity': {'dbt_project.yml': ('+severity: warn', '+severity: error')},
    'proj-vars': {'dbt_project.yml': ('seeds:', 'vars: {a: 1}\nseeds:')},
    'file-new': {'models/staging/brand_new.sql': "select * from {{ ref('stg_orders') }}"},
    'file-moved': {ORDERS: None, 'models/marts/orders.sql': "{{ config(group='money', access='protected', tags='nightly', unique_key=['id','day'], materialized='incremental', full_refresh=false) }} select * from {{ ref('stg_orders') }} join {{ ref('stg_customers') }} using (id) join {{ ref('stg_eph') }} using (id)"},
    'file-deleted': {'models/staging/stg_empty.sql': None},
    'disabled': {'models/staging/stg_empty.sql': '{{ config(enabled=false) }}'},
    'enabled': {'models/staging/stg_off.sql': ('enabled=false', 'enabled=true')},
    'seed-content': {'seeds/ports.csv': 'id,name\n2,a\n'},
    'seed-crlf': {'seeds/ports.csv': 'id,name\r\n1,a\r\n'},
    'seed-end': {'seeds/ports.csv': 'id,name\n1,a\n\n\n'},
    'seed-config': {'seeds/s.yml': ('tags: [seedtag]', 'tags: [seedtag], quote_columns: false')},
    'snap-body': {'snapshots/snaps.sql': ("ref('stg_orders')", "ref('stg_customers')")},
    'snap-config': {'snapshots/snaps.sql': ("check_cols='all', tags", "check_cols=['id'], tags")},
    'test-severity': {STG: ('config: {severity: error}', 'config: {severity: warn}')},
    'test-where': {STG: ('config: {severity: error}', 'config: {severity: error, where: "id > 1"}')},
    'test-tags': {FIN: ('tags: [reltag]', 'tags: [other]')},
    'test-new': {STG: ('          - unique\n          - not_null:', '          - unique\n          - accepted_values: {arguments: {values: [1]}}\n          - not_null:')},
    'test-macro': {'tests/generic/g.sql': ('where 1=0 {% endtest %}\n', 'where 2=0 {% endtest %}\n')},
    'test-singular-body': {'tests/singular_src.sql': ('1=0', '2=0')},
    'test-singular-config': {'tests/singular_orders.sql': ("severity='error'", "severity='warn'")},
    'test-singular-tags': {'tests/singular_orders.sql': ("tags=['sing']", "tags=['song']")},
    'src-description': {STG: ('- name: customers', '- name: customers\n        description: d')},
    'src-columns': {STG: ('- name: customers', '- name: customers\n        columns: [{name: z}]')},
    'src-identifier': {STG: ('- name: customers', '- name: customers\n        identifier: cust')},
    'src-schema': {STG: ('schema: weblogs', 'schema: weblogs2')},
    'src-schema-jinja': {STG: ('schema: weblogs', "schema: \"{{ 'web' ~ 'logs' }}\"")},
    'src-quoting': {STG: ('- name: customers', '- name: customers\n        quoting: {identifier: true}')},
    'src-freshness': {STG: ('- name: customers', '- name: customers\n        config: {freshness: {warn_after: {count: 1, period: day}}, loaded_at_field: z}')},
    'src-external': {STG: ('- name: customers', '- name: customers\n        external: {location: x}')},
    'src-tags': {STG: ('tags: [srctag]', 'tags: [othertag]')},
    'src-meta': {STG: ('- name: customers', '- name: customers\n        config: {meta: {a: 1}}')},
    'src-new': {STG: ('- name: customers', '- name: customers\n      - name: fresh')},
    'src-enabled': {STG: ('{enabled: false}', '{enabled: true}')},
    'exp-description': {FIN: ('type: dashboard', 'type: dashboard\n    description: d')},
    'exp-owner': {FIN: ('a@b.c', 'b@b.c')},
    'exp-type': {FIN: ('type: dashboard', 'type: ml')},
    'exp-label': {FIN: ('type: dashboard', 'type: dashboard\n    label: L')},
    'exp-url': {FIN: ('type: dashboard', 'type: dashboard\n    url: http://x.y\n    maturity: high')},
    'exp-depends': {FIN: ("\"ref('finance_report')\", ", '')},
    'exp-tags': {FIN: ('tags: [exp]', 'tags: [exp2]')},
    'exp-meta': {FIN: ('tags: [exp]', 'config: {meta: {a: 1}}')},
    'exp-new': {FIN: ('  - name: board_two', '  - {name: third, type: analysis, owner: {name: q}}\n  - name: board_two')},
    'metric-label': {'models/semantic/sem.yml': ('label: Count', 'label: Counts')},
    'metric-description': {'models/semantic/sem.yml': ('label: Ratio', 'label: Ratio\n    description: r')},
    'metric-filter': {'models/semantic/sem.yml': ('label: Ratio', "label: Ratio\n    filter: \"{{ Dimension('id__ordered_at') }} > 1\"")},
    'metric-params': {'models/semantic/sem.yml': ('denominator: m_cnt', 'denominator: {name: m_cnt, alias: x}')},
    'metric-config': {'models/semantic/sem.yml': ('config: {group: money', 'config: {meta: {a: 1}, group: money')},
    'sem-measure': {'models/semantic/sem.yml': ('expr: id,', "expr: \"id + 1\",")},
    'sem-description': {'models/semantic/sem.yml': ("model: ref('orders')", "model: ref('orders')\n    description: s")},
    'sem-dimension': {'models/semantic/sem.yml': ('dimensions: [', 'dimensions: [{name: kind, type: categorical}, ')},
    'sem-model': {'models/semantic/sem.yml': ("model: ref('orders')", "model: ref('summary')")},
    'sem-config': {'models/semantic/sem.yml': ("model: ref('orders')", "model: ref('orders')\n    config: {meta: {a: 1}}")},
    'sq-label': {'models/semantic/sem.yml': ('    tags: [sqt]', '    tags: [sqt]\n    label: SQ')},
    'sq-tags': {'models/semantic/sem.yml': ('    tags: [sqt]', '    tags: [sqt2]')},
    'sq-export': {'models/semantic/sem.yml': ('export_as: table', 'export_as: view')},
    'sq-where': {'models/semantic/sem.yml': ('metrics: [m_cnt]', "metrics: [m_cnt]\n      where: \"{{ Dimension('id__ordered_at') }} > 1\"")},
    'sq-metrics': {'models/semantic/sem.yml': ('metrics: [m_cnt]', 'metrics: [m_cnt, m_ratio]')},
    'ut-description': {STG: ('config: {tags: [utt]}', 'config: {tags: [utt]}\n    description: d')},
    'ut-tags': {STG: ('tags: [utt]', 'tags: [utt2]')},
    'ut-given': {STG: ('rows: [{id: 1}]', 'rows: [{id: 2}]')},
    'ut-expect': {STG: ('    expect:\n      rows: [{id: 1}]', '    expect:\n      rows: [{id: 3}]')},
    'ut-overrides': {STG: ('config: {tags: [utt]}', 'overrides: {vars: {a: 1}}')},
    'fn-body': {'functions/half_off.sql': 'price * 0.25\n'},
    'fn-args': {'functions/f.yml': ('data_type: double}]', 'data_type: float}]')},
    'fn-returns': {'functions/f.yml': ('returns: {data_type: double}', 'returns: {data_type: float}')},
    'fn-tags': {'functions/f.yml': ('tags: [fun]', 'tags: [fun2]')},
    'analysis-body': {'analyses/deep_dive.sql': "select 1 from {{ ref('summary') }}"},
    'mac-inner': {'macros/calls.sql': ('{% macro inner() %}1', '{% macro inner() %}2')},
    'mac-space': {'macros/calls.sql': ('{% macro inner() %}', '{%macro inner() %}')},
    'mac-between': {'macros/calls.sql': ('{% macro outer', '\n\n{% macro outer')},
    'mac-unused': {'macros/calls.sql': ('%}2{%', '%}3{%')},
    'mac-hooked': {'macros/calls.sql': ('select 1', 'select 2')},
    'mac-package': {'packages_local/tides/macros/tidal.sql': ('5', '6')},
    'mac-new': {'macros/new.sql': '{% macro newer() %}{% endmacro %}'},
    'mac-moved': {'macros/calls.sql': ('{% macro unused() %}2{% endmacro %}\n', ''), 'macros/other.sql': '{% macro unused() %}2{% endmacro %}'},
    'mac-override-ref': {'macros/r.sql': "{% macro ref() %}{{ return(builtins.ref(*varargs, **kwargs)) }}{% endmacro %}"},
    'mac-is-incremental': {'macros/r.sql': '{% macro is_incremental() %}{{ return(false) }}{% endmacro %}'},
    'con-type': {C: ('name: id, data_type: integer, constraints', 'name: id, data_type: bigint, constraints')},
    'con-size': {C: ('varchar(10)', 'VARCHAR(20)')},
    'con-column-removed': {C: ('      - {name: label, data_type: varchar(10)}\n', ''), 'models/contracted/plain.sql': (", 'x' as label", '')},
    'con-column-added': {C: ('varchar(10)}', 'varchar(10)}\n      - {name: extra, data_type: integer}')},
    'con-column-order': {C: ('      - {name: id, data_type: integer, constraints: [{type: not_null}]}\n      - {name: label, data_type: varchar(10)}', '      - {name: label, data_type: varchar(10)}\n      - {name: id, data_type: integer, constraints: [{type: not_null}]}')},
    'con-description': {C: ('varchar(10)}', 'varchar(10), description: d}')},
    'con-off': {C: ('- name: plain\n    config: {contract: {enforced: true}}', '- name: plain\n    config: {contract: {enforced: false}}')},
    'con-constraint-removed': {C: (', constraints: [{type: not_null}]', '')},
    'con-constraint-named': {C: ('[{type: not_null}]', '[{type: not_null, name: nn}]')},
    'con-model-constraint': {C: ('columns: [id]}', 'columns: [id, label]}')},
    'con-view': {'models/contracted/plain.sql': ("materialized='table'", "materialized='view'")},
    'con-deleted': {'models/contracted/plain.sql': None, C: ('''  - name: plain
    config: {contract: {enforced: true}}
    constraints:
      - {type: primary_key, columns: [id]}
    columns:
      - {name: id, data_type: integer, constraints: [{type: not_null}]}
      - {name: label, data_type: varchar(10)}
''', '')},
    'con-disabled': {C: ('- name: plain\n    config: {', '- name: plain\n    config: {enabled: false, ')},
    'con-on': {CALLS: ('access: protected', 'access: protected\n    columns: [{name: x, data_type: int}, {name: y, data_type: int}]\n    '), 'models/calls/uses.sql': ("meta={'a': 1}", "meta={'a': 1}, contract={'enforced': true}")},
    'ver-type': {C: ('columns: [{name: id, data_type: integer}]', 'columns: [{name: id, data_type: varchar}]')},
    'ver-removed': {'models/contracted/versioned_v2.sql': None, C: ('      - v: 2\n        columns: [{include: all}, {name: n, data_type: integer}]\n', '')},
    'ver-added-column': {C: ('columns: [{name: id, data_type: integer}]', 'columns: [{name: id, data_type: integer}, {name: w, data_type: integer}]')},
}
