"""`dbt compile` of every node: jobs {id, project, target?, vars?, env?, edits?, state_target?, keep_state?, exists?, modes?, real?}, answers
{id, exit, error, modes: {mode: {compiled: {uid: text}, refused: {uid: message}, introspective: [uid]}}}.

Without `real` nothing is connected to: a relation is there when it stands in `exists`, and what asks the warehouse for
anything else is introspective. With `real` (DuckDB only) the relations of `exists` are made in a database file first.
An error in one node costs no other its answer, unlike on dbt's command line.
"""
import json
import shutil
from pathlib import Path
from typing import Any

from real_dbt import copied, flags_of, invoke, serve

MODES = {'none': [], 'defer': ['--defer'], 'favor': ['--defer', '--favor-state']}
ASKED = 'asks the warehouse'
present: list[dict[str, str]] = []


def run(job: dict[str, Any], place: Path) -> dict[str, Any]:
    from dbt.task.compile import CompileTask

    CompileTask.raise_on_first_error = lambda self: False
    CompileTask._mark_dependent_errors = lambda self, *rest: None
    root = copied(job, place)
    state = place / 'state'
    wanted = job.get('modes', list(MODES) if job.get('state_target') else ['none'])
    if job.get('state_target'):
        made = invoke(['parse', *flags_of({**job, 'target': job['state_target']}, root), '--target-path', str(state)], root, job.get('env'))
        if made.exit:
            return {'exit': made.exit, 'error': f'state: {made.error}'}
        if job.get('keep_state'):
            shutil.copytree(state, job['keep_state'], ignore=shutil.ignore_patterns('*.msgpack'))
    present[:] = job.get('exists', [])
    probe = invoke(['parse', *flags_of(job, root), '--target-path', str(place / 'out')], root, job.get('env'))
    if probe.exit:
        return {'exit': probe.exit, 'error': probe.error}
    adapter = json.loads((place / 'out' / 'manifest.json').read_text())['metadata']['adapter_type']
    if job.get('real'):
        fill(root)
    else:
        disconnect(adapter)
    answers = {}
    for mode in wanted:
        options = [*MODES[mode], *(['--state', str(state)] if mode != 'none' else [])]
        answer = invoke(['compile', *flags_of(job, root), '--target-path', str(place / 'out'), *options, *job.get('args', [])], root, job.get('env'))
        if answer.result is None:
            return {'exit': answer.exit, 'error': answer.error}
        answers[mode] = sort_out(answer.result.results)
    return {'exit': 0, 'error': None, 'modes': answers}


def sort_out(results: Any) -> dict[str, Any]:
    compiled: dict[str, str] = {}
    refused: dict[str, str] = {}
    introspective: list[str] = []
    for result in results:
        uid = result.node.unique_id
        if result.node.resource_type in ('seed', 'operation'):
            continue
        if result.status in ('error', 'fail', 'runtime error'):
            if ASKED in (result.message or ''):
                introspective.append(uid)
            else:
                refused[uid] = result.message
        elif getattr(result.node, 'compiled_code', None) is not None:
            compiled[uid] = result.node.compiled_code
    return {'compiled': dict(sorted(compiled.items())), 'refused': refused, 'introspective': sorted(introspective)}


def disconnect(adapter_type: str) -> None:
    """Takes the connections away from an adapter class; what existed is `present`."""
    from dbt.adapters.base import BaseAdapter
    from dbt.adapters.factory import FACTORY
    from dbt.task.runnable import GraphRunnableTask
    from dbt_common.exceptions import DbtRuntimeError

    FACTORY.load_plugin(adapter_type)
    cls = FACTORY.get_adapter_class_by_name(adapter_type)
    manager = cls.ConnectionManager

    def ask(*_: Any, **__: Any) -> Any:
        raise DbtRuntimeError(ASKED)

    def get_relation(self: Any, database: Any, schema: Any, identifier: Any, *_: Any, **__: Any) -> Any:
        for each in present:
            if (each.get('database') or '', each['schema'], each['identifier']) == (database or '', schema, identifier):
                return self.Relation.create(database=database, schema=schema, identifier=identifier, type=each.get('type', 'table'))
        return None

    # The methods that templates see: the decorators that make them available must stay.
    for name, replacement in (('get_relation', get_relation),):
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


def fill(root: Path) -> None:
    import duckdb

    with duckdb.connect(str(root / 'dev.duckdb')) as connection:
        for relation in present:
            connection.execute(f'create schema if not exists "{relation["schema"]}"')
            connection.execute(f'create table "{relation["schema"]}"."{relation["identifier"]}" as select 1 as id')


if __name__ == '__main__':
    serve(run)
