"""`dbt compile` of every node: jobs {id, project, target?, vars?, env?, edits?, state_target?, keep_state?, exists?, modes?, real?, command?, args?,
profiles?, unit?}, answers {id, exit, error, exists, modes: {mode: {compiled: {uid: text}, refused: {uid: message}, introspective: [uid]}}}.

Without `real` nothing is connected to: a relation is there when it stands in `exists` (or, with `exists: "some"`, by the hash of its name;
the answer then lists those that dbt asked for), its columns are those given there, and what asks the warehouse for anything else is
introspective. With `real` (DuckDB only) the relations of `exists` are made in a database file first; a list of dbt commands builds it instead.
`command: "run"` compiles as `dbt run` does, batch by batch (`uid@batch`), and runs nothing. `unit` compiles the unit tests as `dbt test` does.
An error in one node costs no other its answer, unlike on dbt's command line.
"""
import json
import shutil
import zlib
from pathlib import Path
from typing import Any

from real_dbt import DBT_2, copied, flags_of, invoke, serve

MODES = {'none': [], 'defer': ['--defer'], 'favor': ['--defer', '--favor-state']}
ASKED = 'asks the warehouse'
present: list[dict[str, Any]] = []
by_hash = False
functions: list[tuple[str, str]] = []
texts: dict[str, str] = {}


def run(job: dict[str, Any], place: Path) -> dict[str, Any]:
    global by_hash
    if DBT_2:
        return run_2(job, place)
    watch_texts()
    root = copied(job, place)
    state = place / 'state'
    wanted = job.get('modes', list(MODES) if job.get('state_target') else ['none'])
    if job.get('state_target'):
        made = invoke(['parse', *flags_of({**job, 'target': job['state_target']}, root), '--target-path', str(state)], root, job.get('env'))
        if made.exit:
            return {'exit': made.exit, 'error': f'state: {made.error}'}
        if job.get('keep_state'):
            shutil.copytree(state, job['keep_state'], ignore=shutil.ignore_patterns('*.msgpack', 'perf_info.json'))
    by_hash = job.get('exists') == 'some'
    present[:] = [] if by_hash else job.get('exists', [])
    probe = invoke(['parse', *flags_of(job, root), '--target-path', str(place / 'out')], root, job.get('env'))
    if probe.exit:
        return {'exit': probe.exit, 'error': probe.error}
    manifest = json.loads((place / 'out' / 'manifest.json').read_text())
    adapter = manifest['metadata']['adapter_type']
    # No adapter lists functions among its relations.
    functions[:] = [(each['schema'], each['alias']) for each in manifest.get('functions', {}).values()]
    if job.get('real'):
        fill(root)
        for command in job['real'] if isinstance(job['real'], list) else []:
            built = invoke([*command, *flags_of(job, root)], root, job.get('env'))
            if built.exit == 2:
                return {'exit': built.exit, 'error': f'{command}: {built.error}'}
        if job.get('keep_root'):
            shutil.copytree(root, job['keep_root'])
    else:
        disconnect(adapter)
    run_nothing()
    answers = {}
    for mode in wanted:
        options = [*MODES[mode], *(['--state', str(state)] if mode != 'none' else [])]
        shared = [*flags_of(job, root), '--target-path', str(place / 'out'), *options]
        texts.clear()
        answer = invoke([job.get('command', 'compile'), *shared, *job.get('args', [])], root, job.get('env'))
        if answer.result is None:
            return {'exit': answer.exit, 'error': answer.error}
        answers[mode] = sort_out(answer.result.results)
        if job.get('unit'):
            tested = invoke(['test', *shared, '--select', 'test_type:unit'], root, job.get('env'))
            for part, found in sort_out(tested.result.results if tested.result else []).items():
                answers[mode][part] = {**answers[mode][part], **found} if isinstance(found, dict) else [*answers[mode][part], *found]
    return {'exit': 0, 'error': None, 'exists': present, 'modes': answers}


def run_2(job: dict[str, Any], place: Path) -> dict[str, Any]:
    """dbt 2 has no results of a compile: its texts stand in the manifest. Mode `none`, nothing built, nothing asked."""
    root = copied(job, place)
    answer = invoke(['compile', *flags_of(job, root), '--target-path', str(place / 'out'), '--no-defer', *job.get('args', [])], root, job.get('env'))
    manifest = place / 'out' / 'manifest.json'
    if not manifest.exists():
        return {'exit': answer.exit or 2, 'error': answer.error}
    nodes = json.loads(manifest.read_text())['nodes']
    compiled = {uid: node['compiled_code'] for uid, node in sorted(nodes.items()) if node.get('compiled_code') and node['resource_type'] != 'seed'}
    if not compiled:
        return {'exit': answer.exit or 2, 'error': answer.error}
    return {'exit': 0, 'error': None, 'exists': [], 'modes': {'none': {'compiled': compiled, 'refused': {}, 'introspective': []}}}


def sort_out(results: Any) -> dict[str, Any]:
    refused: dict[str, str] = {}
    introspective: list[str] = []
    for result in results:
        uid = result.node.unique_id
        if result.node.resource_type == 'seed':
            continue
        if result.status in ('error', 'runtime error'):
            if ASKED in (result.message or ''):
                introspective.append(uid)
            else:
                refused[uid] = result.message
            texts.pop(uid, None)
    return {'compiled': dict(sorted(texts.items())), 'refused': refused, 'introspective': sorted(introspective)}


def watch_texts() -> None:
    """Keeps the text of every node that is compiled, ephemeral models, batches of microbatch models and unit tests too."""
    from dbt.task.compile import CompileRunner, CompileTask

    if hasattr(CompileRunner, 'unwatched'):
        return
    CompileTask.raise_on_first_error = lambda self: False
    CompileTask._mark_dependent_errors = lambda self, *rest: None
    CompileRunner.unwatched = CompileRunner.compile

    def compile_node(self: Any, manifest: Any) -> Any:
        node = self.unwatched(manifest)
        if node.resource_type != 'seed' and getattr(node, 'compiled_code', None) is not None:
            texts[node.unique_id] = node.compiled_code
        return node

    CompileRunner.compile = compile_node
    try:
        from dbt.task.run import MicrobatchBatchRunner
    except ImportError:
        return
    unwatched = MicrobatchBatchRunner.compile

    def compile_batch(self: Any, manifest: Any) -> Any:
        node = unwatched(self, manifest)
        texts[f'{node.unique_id}@{node.batch.id}'] = node.compiled_code
        return node

    MicrobatchBatchRunner.compile = compile_batch


def run_nothing() -> None:
    """`dbt run` and `dbt test` then only compile."""
    from dbt.task.compile import CompileRunner
    from dbt.task.run import ModelRunner, RunTask

    ModelRunner.execute = CompileRunner.execute
    ModelRunner.after_execute = CompileRunner.after_execute
    RunTask.safe_run_hooks = lambda self, *_, **__: 'success'
    RunTask.create_schemas = lambda self, *_, **__: None
    try:
        from dbt.task.run import MicrobatchBatchRunner
        from dbt.artifacts.schemas.batch_results import BatchResults

        def execute_batch(self: Any, node: Any, manifest: Any) -> Any:
            result = CompileRunner.execute(self, node, manifest)
            result.batch_results = BatchResults(successful=[self.batches[self.batch_idx]])
            return result

        MicrobatchBatchRunner.execute = execute_batch
    except ImportError:
        pass
    try:
        from dbt.task.test import TestRunner, UnitTestResultData
    except ImportError:
        return

    def execute_unit_test(self: Any, definition: Any, manifest: Any = None) -> Any:
        from dbt.parser.unit_tests import UnitTestManifestLoader

        made = UnitTestManifestLoader(manifest, self.config, {definition.unique_id}).load()
        node = self.compiler.compile_node(made.nodes[definition.unique_id], made, {})
        texts[definition.unique_id] = node.compiled_code
        return node, UnitTestResultData(should_error=False, adapter_response={}, diff=None)

    TestRunner.execute_unit_test = execute_unit_test


def disconnect(adapter_type: str) -> None:
    """Takes the connections away from an adapter class; what existed is `present`."""
    from dbt.adapters.base import BaseAdapter
    from dbt.adapters.factory import FACTORY
    from dbt.task.runnable import GraphRunnableTask
    try:
        from dbt_common.exceptions import DbtRuntimeError
    except ImportError:  # 1.7
        from dbt.exceptions import DbtRuntimeError

    FACTORY.load_plugin(adapter_type)
    cls = FACTORY.get_adapter_class_by_name(adapter_type)
    manager = cls.ConnectionManager

    def ask(*_: Any, **__: Any) -> Any:
        raise DbtRuntimeError(ASKED)

    def get_relation(self: Any, database: Any, schema: Any, identifier: Any, *_: Any, **__: Any) -> Any:
        if (schema, identifier) in functions:
            return None
        if by_hash and identifier is not None:
            kwargs = self._make_match_kwargs(database, schema, identifier)
            name = {'database': kwargs.get('database') or database, 'schema': kwargs.get('schema', schema), 'identifier': kwargs['identifier'], 'type': 'table'}
            if zlib.crc32('.'.join(str(name[part]).lower() for part in ('database', 'schema', 'identifier')).encode()) % 2:
                return None
            if name not in present:
                present.append(name)
            return self.Relation.create(**{key: name[key] for key in ('database', 'schema', 'identifier', 'type')}, quote_policy={'database': True, 'schema': True, 'identifier': True})
        for each in present:
            if (each.get('database') or '', each['schema'], each['identifier']) == (database or '', schema, identifier):
                return self.Relation.create(database=database, schema=schema, identifier=identifier, type=each.get('type', 'table'))
        return None

    def get_columns_in_relation(self: Any, relation: Any, *_: Any, **__: Any) -> Any:
        for each in present:
            if 'columns' in each and (each.get('database') or '', each['schema'], each['identifier']) == (relation.database or '', relation.schema, relation.identifier):
                return [self.Column(column['name'], column['type']) for column in each['columns']]
        if adapter_type in ('duckdb', 'postgres', 'bigquery') and self.get_relation(relation.database, relation.schema, relation.identifier) is None:
            return []
        return ask()

    # The methods that templates see: the decorators that make them available must stay.
    for name, replacement in (('get_relation', get_relation), ('get_columns_in_relation', get_columns_in_relation)):
        for owner in (cls, BaseAdapter):
            old = getattr(owner, name)
            for mark in ('_is_available_', '_parse_replacement_', '_is_available'):
                if hasattr(old, mark):
                    setattr(replacement, mark, getattr(old, mark))
            setattr(owner, name, replacement)
    cls.list_relations = lambda self, *_, **__: []
    cls.cache_added = lambda self, *_, **__: ''
    manager.open = classmethod(lambda _cls, connection: ask())
    for name in ('add_query', 'execute', 'get_thread_connection', 'begin'):
        if hasattr(manager, name):
            setattr(manager, name, ask)
    GraphRunnableTask.populate_adapter_cache = lambda self, *_, **__: None
    manager.cleanup_all = lambda self: None
    manager.release = lambda self: None


def fill(root: Path) -> None:
    import duckdb

    if not present:
        return
    with duckdb.connect(str(root / 'dev.duckdb')) as connection:
        for relation in present:
            connection.execute(f'create schema if not exists "{relation["schema"]}"')
            connection.execute(f'create table "{relation["schema"]}"."{relation["identifier"]}" as select 1 as id')


if __name__ == '__main__':
    serve(run)
