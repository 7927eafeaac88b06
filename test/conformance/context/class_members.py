"""Which members the classes have that templates meet, and which methods each adapter lends: writes server/dbt/context/class-members.ts.

usage: class_members.py KEPT.json [OUT.ts] with the Python of one dbt after the other. KEPT.json collects; with OUT.ts what it holds is written.
Of all versions together: a member that one version has and another has not is unknown, which is never false.
"""
import dataclasses
import importlib
import json
import sys
from pathlib import Path

import dbt.clients.jinja as jinja
import dbt.context.macros as macros
import dbt.context.providers as providers
import dbt.contracts.graph.model_config as model_config
import dbt.contracts.graph.nodes as nodes
from dbt.adapters.base.relation import InformationSchema
from dbt.config import RuntimeConfig

ADAPTERS = 'duckdb postgres redshift snowflake bigquery databricks spark trino athena clickhouse sqlserver fabric'.split()
NODES = 'ModelNode SeedNode SnapshotNode AnalysisNode SingularTestNode GenericTestNode HookNode SqlNode FunctionNode'.split()

kept_file = Path(sys.argv[1])
kept = json.loads(kept_file.read_text()) if kept_file.exists() else {'members': {}, 'methods': {}}


def put(label, cls, *more):
    fields = {field.name for field in dataclasses.fields(cls)} if dataclasses.is_dataclass(cls) else set()
    names = {name for name in {*dir(cls), *fields} if not name.startswith('_')}
    kept['members'][label] = sorted({*kept['members'].get(label, []), *names, *more})


def shown(replacement):
    """What the method answers while dbt parses, in a word."""
    try:
        value = replacement(*[None] * 2) if replacement.__code__.co_argcount == 2 and not replacement.__code__.co_flags & 4 else replacement()
    except TypeError:
        return 'unknown'
    if isinstance(value, tuple):
        return 'pair' if value == (None, None) else 'execution'
    return {'None': 'none', '[]': 'list', '{}': 'dict', "''": 'text', 'False': 'no', 'True': 'yes', '0': 'zero'}.get(repr(value), 'unknown')


for cls in vars(providers).values():
    if isinstance(cls, type) and cls.__module__ == providers.__name__:
        name = cls.__name__
        if name.endswith('Resolver'):
            put('Resolver', cls, 'db_wrapper', 'model', 'config', 'manifest')
        if name in ('ParseConfigObject', 'RuntimeConfigObject'):
            put('ConfigObject', cls, 'model', 'context_config')
        if name.endswith('Var'):
            put('Var', cls)
put('RuntimeConfig', RuntimeConfig)
put('MacroNamespace', macros.MacroNamespace)
put('MacroGenerator', jinja.MacroGenerator, 'macro', 'context', 'node', 'stack')
put('MacroStack', jinja.MacroStack, 'call_stack')
for name in NODES:
    if hasattr(nodes, name):
        put(name, getattr(nodes, name))
for cls in vars(model_config).values():
    if isinstance(cls, type) and cls.__name__.endswith('Config') and dataclasses.is_dataclass(cls):
        put('NodeConfig', cls)
try:
    from dbt.adapters.contracts.relation import Path as RelationPath, Policy
except ImportError:  # 1.7
    from dbt.contracts.relation import Path as RelationPath, Policy
put('Path', RelationPath)
put('Policy', Policy)
put('InformationSchema', InformationSchema)
for adapter in ADAPTERS:
    try:
        cls = importlib.import_module(f'dbt.adapters.{adapter}').Plugin.adapter
    except ModuleNotFoundError:
        continue
    put(f'Relation {adapter}', cls.Relation)
    put(f'Column {adapter}', cls.Column)
    methods = kept['methods'].setdefault(adapter, {})
    for name in sorted(cls._available_):
        replacement = cls._parse_replacements_.get(name)
        methods[name] = shown(replacement) if replacement else methods.get(name) or 'called'
kept_file.write_text(json.dumps(kept, indent=1))


def grouped(methods):
    kinds = {}
    for name, kind in sorted(methods.items()):
        kinds.setdefault(kind, []).append(name)
    return ', '.join(f"{kind}: '{' '.join(names)}'" for kind, names in sorted(kinds.items()))


def lines():
    yield '// Which members dbt\'s classes have that templates meet, and which methods each adapter lends to templates (`@available`), with what they'
    yield '// answer while dbt parses. Written by test/conformance/context/class_members.py from dbt 1.7, 1.8, 1.10, 1.11, 1.12 and eleven more adapters.'
    yield ''
    yield '/** `called`: really run while parsing too. `execution`: an empty text and an empty table. `pair`: two times None. */'
    yield "export type ParseAnswer = 'called' | 'execution' | 'pair' | 'none' | 'list' | 'dict' | 'text' | 'no' | 'yes' | 'zero' | 'unknown'"
    yield ''
    yield 'function words(text: string): ReadonlySet<string> { return new Set(text.split(\' \')) }'
    yield ''
    every = set.intersection(*[set(methods.items()) for methods in kept['methods'].values()])
    yield 'function methods(kinds: Partial<Record<ParseAnswer, string>>, base?: ReadonlyMap<string, ParseAnswer>): ReadonlyMap<string, ParseAnswer> {'
    yield '  const own = (Object.entries(kinds) as [ParseAnswer, string][]).flatMap(([kind, names]) => names.split(\' \').map((name) => [name, kind] as const))'
    yield '  return new Map([...base ?? [], ...own])'
    yield '}'
    yield ''
    yield '/** Of every adapter. */'
    yield f'export const BASE_METHODS = methods({{ {grouped(dict(every))} }})'
    yield ''
    yield '/** By the adapter\'s type; those of every adapter are among them. */'
    yield 'export const ADAPTER_METHODS: ReadonlyMap<string, ReadonlyMap<string, ParseAnswer>> = new Map(['
    for adapter, methods in kept['methods'].items():
        yield f"  ['{adapter}', methods({{ {grouped({name: kind for name, kind in methods.items() if (name, kind) not in every})} }}, BASE_METHODS)],"
    yield '])'
    yield ''
    relations = {label: set(names) for label, names in kept['members'].items() if label.startswith('Relation ')}
    columns = {label: set(names) for label, names in kept['members'].items() if label.startswith('Column ')}
    all_nodes = {label: set(names) for label, names in kept['members'].items() if label in NODES}
    shared = {'Relation': (relations, set.intersection(*relations.values())), 'Column': (columns, set.intersection(*columns.values())), 'Node': (all_nodes, set.intersection(*all_nodes.values()))}
    yield '/** By class; of Relation and Column `Relation TYPE` has what that adapter adds, of nodes their class what it adds to `Node`. */'
    yield 'export const CLASS_MEMBERS: ReadonlyMap<string, ReadonlySet<string>> = new Map(['
    for label, names in kept['members'].items():
        if not any(label in group for group, _ in shared.values()):
            yield f"  ['{label}', words('{' '.join(names)}')],"
    for base, (group, common) in shared.items():
        yield f"  ['{base}', words('{' '.join(sorted(common))}')],"
        for label, names in group.items():
            if names - common:
                yield f"  ['{label}', words('{' '.join(sorted(names - common))}')],"
    yield '])'


if len(sys.argv) > 2:
    Path(sys.argv[2]).write_text('\n'.join(lines()) + '\n')
