"""Drives real dbt for the conformance tests: one process, many jobs, the answers of dbt and nothing of ours.

A job is a JSON object (one a line on stdin, see `serve`). The project is copied, edited and run in a temporary
directory, so nothing is ever written beside a fixture. Must not correct, sort away or guess anything that dbt says,
except what differs between two runs of the same dbt (times, ids of the run, the order of refs).
"""
from __future__ import annotations

import functools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, Iterator

DBT_2 = os.environ.get('DBT_2')  # the binary of dbt 2; unset: dbt of this Python
SKIPPED = shutil.ignore_patterns('target', 'logs', '*.duckdb', '*.wal', '.user.yml', '__pycache__', '.git')
STEADY = {
    'DBT_SEND_ANONYMOUS_USAGE_STATS': 'false', 'DBT_PARTIAL_PARSE': 'false', 'DBT_USE_COLORS': 'false',
    'DBT_LOG_PATH': 'logs', 'DO_NOT_TRACK': '1', 'DBT_VERSION_CHECK': 'false',
}


class Answer:
    """What dbt did: `exit` as the command line has it, `error` its text, `result` the command's own result."""

    def __init__(self, exit_code: int, error: str | None, result: Any = None, output: str = '') -> None:
        self.exit, self.error, self.result, self.output = exit_code, error, result, output


def invoke(arguments: list[str], directory: Path, env: dict[str, str] | None = None, manifest: Any = None) -> Answer:
    """Runs one dbt command with `directory` as working directory; with a `manifest` (of dbt 1) it does not parse again."""
    wanted = {**STEADY, **({'DBT_ALLOW_EXPERIMENTAL_ADAPTERS': 'true'} if DBT_2 else {}), **(env or {})}
    before, old_cwd = dict(os.environ), os.getcwd()
    for key in list(os.environ):
        if key.startswith('DBT_') and key != 'DBT_2':
            del os.environ[key]
    os.environ.update(wanted)
    os.chdir(directory)
    try:
        return _invoke_2(arguments) if DBT_2 else _invoke_1(arguments, manifest)
    finally:
        os.chdir(old_cwd)
        os.environ.clear()
        os.environ.update(before)


def _invoke_1(arguments: list[str], manifest: Any) -> Answer:
    from dbt.cli.main import dbtRunner

    _remember_trees()
    errors: list[str] = []

    def listen(event: Any) -> None:
        if event.info.level == 'error' and event.info.name in ('MainEncounteredError', 'RunResultError', 'RunResultFailure'):
            errors.append(event.info.msg)

    _forget_connections()
    _forget_deprecations()
    outcome = dbtRunner(manifest=manifest, callbacks=[listen]).invoke(['--quiet', '--no-write-json' if arguments[0] == 'ls' else '--write-json', *arguments])
    _forget_connections()
    if outcome.success:
        return Answer(0, None, outcome.result)
    exception = outcome.exception
    text = str(exception) if exception is not None else '\n'.join(errors)
    return Answer(2 if exception is not None else 1, text, outcome.result)


@functools.cache
def _remember_trees() -> None:
    """jinja2 parses dbt's own 500 macros twice for every project: four fifths of the time. Trees of equal texts are equal,
    and those two places only read them."""
    from dbt.clients import jinja_static
    try:
        from dbt_common.clients import jinja
    except ImportError:  # 1.7
        from dbt.clients import jinja

    jinja.parse = functools.lru_cache(20_000)(jinja.parse)
    fresh = jinja_static.get_environment

    class Remembering:
        parse = staticmethod(functools.lru_cache(20_000)(lambda text: fresh(None, capture_macros=True).parse(text)))

    jinja_static.get_environment = lambda *_, **__: Remembering


def _forget_connections() -> None:
    """dbt-duckdb keeps one database for the life of a process; each job has its own."""
    try:
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    except ImportError:
        return
    DuckDBConnectionManager.close_all_connections()
    DuckDBConnectionManager._ENV = None


def _forget_deprecations() -> None:
    """dbt counts them for the life of a process, and its summary is an error of the next project that has warn_error."""
    from dbt import deprecations

    deprecations.reset_deprecations()
    deprecations.buffered_deprecations.clear()


def _invoke_2(arguments: list[str]) -> Answer:
    done = subprocess.run([DBT_2 or 'dbt', *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300)
    text = done.stdout + done.stderr
    return Answer(done.returncode, None if done.returncode == 0 else text.strip(), None, done.stdout)


def copied(job: dict[str, Any], place: Path) -> Path:
    """A copy of the job's project in `place`, with its edits made. The directory's name stays, for dbt shows it."""
    root = place / Path(job['project']).name
    shutil.copytree(job['project'], root, ignore=SKIPPED, symlinks=True)
    for edit in job.get('edits', []):
        apply_edit(root, edit)
    if DBT_2 and (root / 'dbt_packages').is_dir():
        # It resolves these files anew with every command, which needs the network or `../`; without them it takes what is installed.
        for name in ('packages.yml', 'dependencies.yml', 'package-lock.yml'):
            (root / name).unlink(missing_ok=True)
    return root


def apply_edit(root: Path, edit: dict[str, Any]) -> None:
    """{path, text} writes, {path, find, replace} replaces the first occurrence, {path, append}, {path, move}, {path, remove: true}."""
    path = root / edit['path']
    if edit.get('remove'):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        return
    if 'move' in edit:
        target = root / edit['move']
        target.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    old = path.read_bytes().decode('utf-8') if path.exists() else ''
    if 'find' in edit:
        if edit['find'] not in old:
            raise SystemExit(f"{edit['path']}: nothing to replace: {edit['find']!r}")
        text = old.replace(edit['find'], edit['replace'], 1)
    elif 'append' in edit:
        text = old + edit['append']
    else:
        text = edit['text']
    path.write_bytes(text.encode('utf-8'))


def flags_of(job: dict[str, Any], root: Path) -> list[str]:
    """The options that every command of a job shares. Profiles lie in the project unless the job says where."""
    profiles = Path(job['profiles']) if job.get('profiles') else root
    flags = ['--project-dir', str(root), '--profiles-dir', str(profiles)]
    if job.get('target'):
        flags += ['--target', job['target']]
    if job.get('vars'):
        flags += ['--vars', json.dumps(job['vars'])]
    return flags


# What two runs of one dbt on one project differ in, and the texts of dbt's own macros.
UNSTEADY = ('created_at', 'build_path', 'compiled_path', 'root_path', 'compiled', 'compiled_code', 'extra_ctes',
            'extra_ctes_injected', 'deferred', 'defer_relation')
OWN_PACKAGES = {'dbt', *(f'dbt_{name}' for name in (
    'duckdb postgres snowflake bigquery redshift databricks spark trino athena clickhouse sqlserver fabric').split())}
TABLES = ('nodes', 'sources', 'macros', 'docs', 'exposures', 'metrics', 'groups', 'semantic_models', 'saved_queries',
          'unit_tests', 'functions')


def reduced(manifest: dict[str, Any]) -> dict[str, Any]:
    """A manifest less what is unsteady, empty, or dbt's own (macros and docs of dbt and its adapters)."""
    result: dict[str, Any] = {'metadata': {key: manifest['metadata'].get(key) for key in (
        'dbt_schema_version', 'dbt_version', 'adapter_type', 'project_name', 'quoting')}}
    for table in TABLES:
        result[table] = {uid: _node(node) for uid, node in sorted((manifest.get(table) or {}).items())
                         if node.get('package_name') not in OWN_PACKAGES}
    result['disabled'] = {uid: [_node(node) for node in nodes]
                          for uid, nodes in sorted((manifest.get('disabled') or {}).items())}
    return result


def _node(node: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in node.items() if key not in UNSTEADY and value not in (None, [], {}, '')}
    kept = {key: ({k: v for k, v in value.items() if v is not None} if key == 'config' else value) for key, value in kept.items()}
    for key in ('refs', 'sources', 'metrics', 'functions'):
        if isinstance(kept.get(key), list):
            kept[key] = sorted(kept[key], key=lambda item: json.dumps(item, sort_keys=True))
    if isinstance(kept.get('depends_on'), dict):
        kept['depends_on'] = {key: sorted(value) if isinstance(value, list) else value
                              for key, value in kept['depends_on'].items() if value and key != 'nodes_with_ref_location'}
    return kept


def dump(value: dict[str, Any]) -> str:
    """JSON with one line for each node: small, and readable as a difference."""
    lines = ['{']
    for i, (table, entries) in enumerate(value.items()):
        comma = ',' if i < len(value) - 1 else ''
        if isinstance(entries, dict) and table != 'metadata':
            lines.append(f'{json.dumps(table)}: {{')
            rows = [f'{json.dumps(key)}: {json.dumps(entry, sort_keys=True, ensure_ascii=False, separators=(",", ":"))}'
                    for key, entry in entries.items()]
            lines.append(',\n'.join(rows))
            lines.append('}' + comma)
        else:
            lines.append(f'{json.dumps(table)}: {json.dumps(entries, sort_keys=True, ensure_ascii=False)}{comma}')
    lines.append('}')
    return '\n'.join(line for line in lines if line) + '\n'


def serve(run: Callable[[dict[str, Any], Path], dict[str, Any]]) -> None:
    """Answers jobs: one JSON object a line in, one a line out ({id, seconds, …}). dbt's own output goes to stderr."""
    out = os.fdopen(os.dup(1), 'w')
    os.dup2(2, 1)
    for job in _jobs():
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix='dbt-job-') as place:
            try:
                answer = run(job, Path(place))
            except Exception as problem:  # a job must not cost the next ones their answer
                answer = {'exit': 3, 'error': f'{type(problem).__name__}: {problem}'}
        if isinstance(answer.get('error'), str):
            text = answer['error'].replace(os.path.realpath(place), '<tmp>').replace(place, '<tmp>')
            answer['error'] = re.sub(r'modification_time=[\d.]+', 'modification_time=0', text)
        answer = {'id': job.get('id'), 'seconds': round(time.monotonic() - started, 2), **answer}
        out.write(json.dumps(answer, ensure_ascii=False) + '\n')
        out.flush()


def _jobs() -> Iterator[dict[str, Any]]:
    for line in sys.stdin:
        if line.strip():
            yield json.loads(line)
