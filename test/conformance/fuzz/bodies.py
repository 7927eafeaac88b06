"""Pieces of SQL with the Jinja that people write around refs. Each takes what may be referred to and gives text.

Must not emit anything that asks a warehouse while compiling, except what asks whether a relation exists.
"""
from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """What a ref can name: `call` is the arguments between the parentheses."""
    name: str
    package: str
    version: str | None = None
    ephemeral: bool = False

    def arguments(self, rng: random.Random, from_package: str, unique: bool) -> str:
        quote = rng.choice(["'", '"'])
        parts = [f'{quote}{self.name}{quote}']
        if not unique or rng.random() < 0.15:
            parts.insert(0, f'{quote}{self.package}{quote}')
        if self.version is not None and rng.random() < 0.6:
            shown = self.version if self.version.replace('.', '').isdigit() and rng.random() < 0.7 else f"'{self.version}'"
            parts.append(rng.choice(['v=', 'version=', 'v = ']) + shown)
        return ', '.join(parts)


def piece(rng: random.Random, ref: str, other: str, source: str | None, macros: str) -> str:
    """One select. `ref` and `other` are texts of calls; `macros` is a prefix ('' or 'package.') of the helper macros."""
    options = [
        lambda: f'select * from {{{{ {ref} }}}}',
        lambda: f'select a.id, b.* from {{{{{ref}}}}} a join {{{{ {other} }}}} as b using (id)',
        lambda: f'select * from {{{{- {ref} -}}}} where 1 = 1',
        lambda: f"{{% set upstream = {ref} %}}\nselect '{{{{ upstream.identifier }}}}' as i, '{{{{ upstream.schema }}}}' as s from {{{{ upstream }}}}",
        lambda: f'select * from {{{{ {ref}.include(database=false) }}}}',
        lambda: f"select '{{{{ {ref}.name }}}}', '{{{{ {ref}.render() }}}}' from {{{{ {other} }}}}",
        lambda: f"{{% set wanted = ['{{}}'] %}}{{% set inner %}}select * from {{{{ {ref} }}}}{{% endset %}}\nselect * from ({{{{ inner }}}})",
        lambda: f'{{% call {macros}wrapped() %}}\nselect * from {{{{ {ref} }}}}\n{{% endcall %}}',
        lambda: f"-- depends_on: {{{{ {ref} }}}}\n{{% if execute %}}\nselect * from {{{{ {ref} }}}}\n{{% endif %}}",
        lambda: f"select * from {{{{ {ref} }}}}\n{{# {{{{ ref('nowhere') }}}} #}}\n-- {{{{ {other} }}}} in a comment",
        lambda: f"{{% raw %}}-- {{{{ ref('nowhere') }}}}{{% endraw %}}\nselect * from {{{{ {ref} }}}}",
        lambda: f"{{% if target.name == 'prod' %}}\nselect 1 as prod from {{{{ {ref} }}}}\n{{% elif target.name == 'dev' %}}\nselect 2 as dev from {{{{ {other} }}}}\n{{% else %}}\nselect 3\n{{% endif %}}",
        lambda: f"{{% for x in ['a', 'b'] %}}\nselect '{{{{ x }}}}' as k, {{{{ loop.index }}}} as n from {{{{ {ref} }}}}{{% if not loop.last %}} union all{{% endif %}}\n{{% endfor %}}",
        lambda: f"{{% set both = [{ref}, {other}] %}}\n{{% for each in both %}}select * from {{{{ each }}}} {{{{ 'union all' if not loop.last }}}}\n{{% endfor %}}",
        lambda: f"{{% set ns = namespace(sql='') %}}{{% for i in range(2) %}}{{% set ns.sql = ns.sql ~ ' ' ~ {ref} %}}{{% endfor %}}\n-- {{{{ ns.sql }}}}\nselect 1 as id",
        lambda: f"select {{{{ {macros}cents('price') }}}} from {{{{ {ref} }}}}",
        lambda: f"select * from {{{{ {macros}keep({ref}) }}}}",
        lambda: f"with a as (select * from {{{{ {ref} }}}}), b as (\n  select * from {{{{ {other} }}}}\n)\nselect * from a, b",
        lambda: f"select * from {{{{ {ref} }}}}\n{{% if is_incremental() %}}\nwhere id > (select max(id) from {{{{ this }}}})\n{{% endif %}}",
        lambda: f"select '{{{{ this.schema }}}}.{{{{ this.identifier }}}}' as me, '{{{{ model.name }}}}' as name from {{{{ {ref} }}}}",
        lambda: f"select * from {{{{ builtins.{ref} }}}}",
        lambda: f"select {{{{ dbt.type_string() }}}}, {{{{ dbt.concat(['a', 'b']) }}}} from {{{{ {ref} }}}}",
        lambda: f"select '{{{{ var('area', 'zone') }}}}', '{{{{ env_var('FUZZ_AREA', 'e') }}}}', '{{{{ target.schema }}}}' from {{{{ {ref} }}}}",
        lambda: f"{{%- set columns = ['id', 'name'] -%}}\nselect {{{{ columns | join(', ') }}}} -- é 😀\nfrom {{{{ {ref} }}}}",
        lambda: f"{{% macro local_one(x) %}}{{{{ x }}}}{{% endmacro %}}select * from {{{{ local_one({ref}) }}}}",
        lambda: f"select '{{{{ config.get('materialized') }}}}' as m, '{{{{ config.get('nothing', 'dflt') }}}}' from {{{{ {ref} }}}}",
        lambda: f"select {{{{ tojson({{'a': [1, none, true]}}) }}}} from {{{{ {ref} }}}}",
        lambda: f"{{% set exists = load_relation({ref}) %}}\nselect {{{{ exists is not none }}}} as there",
        lambda: f"{{{{ {macros}both({ref}, {other}) }}}}",
        lambda: f"{{{{ {macros}settled('table', label='x') }}}}select * from {{{{ {ref} }}}}",
        lambda: f"{{% set parts = {ref}.render().split('.') %}}select '{{{{ parts[-1] | replace('\"', '') }}}}' as n, {{{{ parts | length }}}}",
        lambda: f"{{% set q = 'select 1' %}}{{% if execute and flags.WHICH == 'never' %}}{{{{ run_query(q) }}}}{{% endif %}}select * from {{{{ {ref} }}}}",
        lambda: f"select * from {{{{ {ref} }}}} where d >= '{{{{ modules.datetime.date(2024, 1, 31) + modules.datetime.timedelta(days=1) }}}}'",
        lambda: f"{{% set m = {{'a': {ref}, 'b': {other}}} %}}{{% for k, v in m.items() %}}select '{{{{ k }}}}' from {{{{ v }}}} -- {{{{ loop.index0 }}}}\n{{% endfor %}}",
        lambda: f"select * from {{{{ {ref} }}}} where x in ({{{{ var('list', [1, 'q']) | join(', ') }}}}) and {{{{ '{{:.2f}}'.format(1.5) }}}} > {{{{ '%03d' % 7 }}}}",
        lambda: f"select * from {{{{ adapter.dispatch('variant', {DISPATCHED})({ref}) }}}}",
    ]
    if source is not None:
        options += [
            lambda: f'select * from {{{{ {source} }}}}',
            lambda: f'select * from {{{{ {source} }}}} s left join {{{{ {ref} }}}} r on s.id = r.id',
            lambda: f"select '{{{{ {source}.identifier }}}}', * from {{{{ {source}.include(schema=false) }}}}, {{{{ {other} }}}}",
        ]
    return rng.choice(options)()


DISPATCHED = "'@PROJECT@'"

HELPERS = """{% macro wrapped() %}
select * from (
{{ caller() }}
)
{% endmacro %}

{%- macro cents(column, scale=2) -%}
  round({{ column }} / 100.0, {{ scale }})
{%- endmacro -%}

{% macro keep(relation) %}{{ return(relation) }}{% endmacro %}

{% macro note(text) %}
  select '{{ text }}' as note, {{ varargs | length }} as n
{% endmacro %}

{% macro settled(kind='view', label=none) %}{{ config(materialized=kind, meta={'label': label}) }}{% endmacro %}

{% macro both(first, second) %}{% for each in [first, second] %}select * from {{ ref(each) if each is string else each }}{% if not loop.last %} union all {% endif %}{% endfor %}{% endmacro %}

{% macro variant(relation) %}{{ return(adapter.dispatch('variant')(relation)) }}{% endmacro %}
{% macro default__variant(relation) %}{{ relation }}{% endmacro %}
"""

# What a project may do to names; `default__…` and package variants change which macro dbt takes.
NAMINGS = [
    '',
    '',
    """{% macro generate_schema_name(custom_schema_name, node) -%}
  {%- if custom_schema_name is none -%}{{ target.schema }}{%- else -%}{{ custom_schema_name | trim }}{%- endif -%}
{%- endmacro %}
""",
    """{% macro generate_schema_name(custom_schema_name=none, node=none) -%}{{ generate_schema_name_for_env(custom_schema_name, node) }}{%- endmacro %}
""",
    """{% macro generate_schema_name(custom_schema_name, node) %}
    {%- set first = node.fqn[1] if node.fqn | length > 2 else 'top' -%}
    {{ target.schema }}_{{ first }}_{{ node.resource_type }}{{ '_' ~ custom_schema_name if custom_schema_name }}
{% endmacro %}
""",
    """{% macro generate_alias_name(custom_alias_name=none, node=none) -%}
  {%- if custom_alias_name -%}{{ custom_alias_name | trim }}
  {%- elif node.version -%}{{ node.name ~ '_rev' ~ (node.version | replace('.', '_')) }}
  {%- else -%}{{ node.name | lower }}{{ '_e' if node.config.materialized == 'ephemeral' }}{%- endif -%}
{%- endmacro %}
""",
    """{% macro generate_database_name(custom_database_name=none, node=none) -%}
  {%- if custom_database_name is none -%}{{ return(target.database) }}{%- else -%}{{ return(custom_database_name ~ '_db') }}{%- endif -%}
{%- endmacro %}
""",
    """{% macro default__generate_schema_name(custom_schema_name, node) -%}
  d_{{ target.schema }}{% if custom_schema_name %}_{{ custom_schema_name }}{% endif %}{{ '_' ~ node.config.get('meta', {}).get('owner', 'none') }}
{%- endmacro %}
""",
    """{% macro generate_schema_name(custom_schema_name, node) -%}
  {% if 'amber' in node.tags %}tagged{% elif node.config.tags | length > 1 %}many{% else %}{{ default__generate_schema_name(custom_schema_name, node) }}{% endif %}
{%- endmacro %}
{% macro duckdb__generate_alias_name(custom_alias_name=none, node=none) -%}
  {{ (custom_alias_name or node.name) | replace('m_', 'mm_') }}{{ '_v' ~ node.version if node.version }}
{%- endmacro %}
""",
]

GENERIC_TESTS = """{% test positive(model, column_name, floor=0) %}
  select * from {{ model }} where {{ column_name }} <= {{ floor }}
{% endtest %}

{% test matches(model, column_name, to, pairs=none) %}
  {{ config(severity='warn', tags=['generic']) }}
  select * from {{ model }} m left join {{ to }} t on m.{{ column_name }} = t.id where t.id is null {% for p in pairs or [] %} or {{ p }} {% endfor %}
{% endtest %}

{% test rows_at_least(model, n) -%}
  select count(*) from {{ model }} having count(*) < {{ n }}
{%- endtest %}
"""
