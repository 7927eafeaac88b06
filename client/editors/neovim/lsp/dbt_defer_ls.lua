-- Neovim 0.11 and later: put this file into ~/.config/nvim/lsp/ and call vim.lsp.enable('dbt_defer_ls').
-- Compiled text stands in scratch buffers that follow every keystroke: Neovim asks for their text as the protocol means it, workspace/textDocumentContent.
local function buffer_of(uri)
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buffer) and vim.api.nvim_buf_get_name(buffer) == uri then return buffer end
  end
end

local function fill(client, uri, after)
  client:request('workspace/textDocumentContent', { uri = uri }, function(_, answer)
    local buffer = answer and buffer_of(uri)
    if not buffer then return end
    local lines = vim.split(answer.text, '\n', { plain = true })
    vim.bo[buffer].modifiable = true
    if not vim.deep_equal(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), lines) then vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines) end
    vim.bo[buffer].modifiable = false
    if after then after(buffer) end
  end)
end

-- A window with a compiled document; `split` is the command that opens one (vsplit, diffsplit …).
local function open(client, uri, split, after)
  local buffer = buffer_of(uri)
  if not buffer then
    buffer = vim.api.nvim_create_buf(false, true)
    vim.api.nvim_buf_set_name(buffer, uri)
    vim.bo[buffer].bufhidden = 'wipe'
    vim.bo[buffer].filetype = 'sql'
    vim.lsp.buf_attach_client(buffer, client.id)
    vim.lsp.inlay_hint.enable(true, { bufnr = buffer })
  end
  fill(client, uri, function()
    vim.cmd(split)
    vim.api.nvim_win_set_buf(0, buffer)
    if after then after(buffer) end
  end)
end

local function show(client, answer)
  if not answer then return end
  local here = vim.api.nvim_get_current_win()
  open(client, answer.uri, 'rightbelow vsplit', function() vim.api.nvim_set_current_win(here) end)
end

local function compare(client, answer)
  if not answer then return end
  open(client, answer.left.uri, 'tab split', function()
    vim.cmd('diffthis')
    open(client, answer.right.uri, 'rightbelow vsplit', function() vim.cmd('diffthis') end)
  end)
end

local function put(text)
  pcall(vim.fn.setreg, '+', text)
  vim.fn.setreg('"', text)
end

-- What the server cannot do itself with the answer of a command, from an action, a lens or a user command.
local after = {
  ['dbtDefer.showCompiled'] = show,
  ['dbtDefer.diffSaved'] = compare,
  ['dbtDefer.diffState'] = compare,
  ['dbtDefer.diffDefer'] = compare,
  ['dbtDefer.explainModified'] = function(client, answer) if answer and answer.left then compare(client, answer) end end,
  ['dbtDefer.copyCompiled'] = function(_, answer) if answer then put(answer.text) end end,
  ['dbtDefer.copyRelation'] = function(_, answer) if answer then put(answer.text) end end,
}

local function run(client, name, arguments)
  client:request('workspace/executeCommand', { command = name, arguments = arguments }, function(_, answer) after[name](client, answer) end)
end

-- From the cursor or selection to its counterpart: from a model or macro to the compiled text, and back.
local function counterpart(client, buffer, opts)
  local uri = vim.uri_from_bufnr(buffer)
  local function position(mark)
    local row, column = unpack(vim.api.nvim_buf_get_mark(buffer, mark))
    local line = vim.api.nvim_buf_get_lines(buffer, row - 1, row, false)[1] or ''
    return { line = row - 1, character = vim.str_utfindex(line, 'utf-16', math.min(column, #line)) }
  end
  local at = vim.lsp.util.make_position_params(0, 'utf-16').position
  local range = opts.range > 0 and { start = position('<'), ['end'] = position('>') } or { start = at, ['end'] = at }
  local function go(window, place)
    vim.api.nvim_set_current_win(window)
    local line = vim.api.nvim_buf_get_lines(0, place.start.line, place.start.line + 1, false)[1] or ''
    vim.api.nvim_win_set_cursor(0, { place.start.line + 1, vim.str_byteindex(line, 'utf-16', place.start.character, false) })
  end
  if vim.startswith(uri, 'dbt-compiled:') then
    client:request('workspace/executeCommand', { command = 'dbtDefer.toSource', arguments = { uri, range } }, function(_, answer)
      if not answer then return end
      local name = vim.uri_to_fname(answer.uri)
      local window = vim.fn.bufwinid(name)
      if window < 0 then vim.cmd('leftabove vsplit ' .. vim.fn.fnameescape(name)) end
      go(window < 0 and vim.api.nvim_get_current_win() or window, answer.range)
    end)
    return
  end
  local shown
  for _, window in ipairs(vim.api.nvim_tabpage_list_wins(0)) do
    local name = vim.api.nvim_buf_get_name(vim.api.nvim_win_get_buf(window))
    if vim.startswith(name, 'dbt-compiled:') then shown = name end
  end
  client:request('workspace/executeCommand', { command = 'dbtDefer.toCompiled', arguments = { uri, range, shown or vim.NIL } }, function(_, answer)
    local place = answer and answer.ranges[1]
    if not place then return end
    local opened = buffer_of(answer.uri)
    local window = opened and vim.fn.bufwinid(opened) or -1
    if window >= 0 then go(window, place) else open(client, answer.uri, 'rightbelow vsplit', function() go(vim.api.nvim_get_current_win(), place) end) end
  end)
end

---@type vim.lsp.Config
return {
  cmd = { 'dbt-defer-ls', '--stdio' },
  filetypes = { 'sql', 'sql.jinja', 'jinja.sql', 'dbt', 'yaml', 'markdown', 'python' },
  root_markers = { 'dbt_project.yml' },
  workspace_required = true,
  settings = { dbtDefer = {} },
  capabilities = { workspace = { textDocumentContent = { dynamicRegistration = false } } },
  handlers = {
    ['workspace/textDocumentContent/refresh'] = function(_, params, context)
      fill(assert(vim.lsp.get_client_by_id(context.client_id)), params.uri)
      return vim.NIL
    end,
    -- Neovim (0.12) draws a line once after a refresh: drawn before the answer is there, it keeps the hint of before. So the answer comes first.
    ['workspace/inlayHint/refresh'] = function(_, _, context)
      local client = assert(vim.lsp.get_client_by_id(context.client_id))
      for buffer in pairs(client.attached_buffers) do
        if vim.lsp.inlay_hint.is_enabled({ bufnr = buffer }) then
          local last = vim.api.nvim_buf_line_count(buffer)
          client:request('textDocument/inlayHint', {
            textDocument = { uri = vim.uri_from_bufnr(buffer) },
            range = { start = { line = 0, character = 0 }, ['end'] = { line = last, character = 0 } },
          }, function(err, hints, about)
            vim.lsp.handlers['textDocument/inlayHint'](err, hints, about)
            vim.lsp.handlers['workspace/inlayHint/refresh'](nil, nil, context)
          end, buffer)
        end
      end
      return vim.NIL
    end,
  },
  on_attach = function(client, buffer)
    vim.lsp.inlay_hint.enable(true, { bufnr = buffer })
    local function command(name, run, options)
      vim.api.nvim_buf_create_user_command(buffer, name, run, options or {})
    end
    local function execute(name, arguments, handler)
      client:request('workspace/executeCommand', { command = name, arguments = arguments }, handler, buffer)
    end
    command('DbtDefer', function(opts)
      execute('dbtDefer.setDefer', { opts.args ~= 'off' })
    end, { nargs = '?', complete = function() return { 'on', 'off' } end, desc = 'dbt --defer or --no-defer' })
    command('DbtFavorState', function(opts)
      execute('dbtDefer.setFavorState', { opts.args ~= 'off' })
    end, { nargs = '?', complete = function() return { 'on', 'off' } end, desc = 'dbt --favor-state' })
    command('DbtTarget', function(opts)
      execute('dbtDefer.setTarget', { opts.args })
    end, { nargs = 1, desc = 'dbt --target' })
    command('DbtState', function(opts)
      execute('dbtDefer.setState', { opts.args })
    end, { nargs = 1, complete = 'dir', desc = 'dbt --state' })
    command('DbtRefresh', function()
      execute('dbtDefer.refresh', {})
    end, { desc = 'read the state and what exists again' })
    command('DbtStatePull', function()
      execute('dbtDefer.pullState', {})
    end, { desc = 'fetch the state by the command of the setting statePull' })
    command('DbtCompiled', function()
      run(client, 'dbtDefer.showCompiled', { vim.uri_from_bufnr(buffer) })
    end, { desc = 'the compiled SQL of this model, beside it' })
    command('DbtCounterpart', function(opts)
      counterpart(client, buffer, opts)
    end, { range = true, desc = 'from the model to its compiled SQL, or back' })
    command('DbtDiff', function(opts)
      local names = { saved = 'dbtDefer.diffSaved', state = 'dbtDefer.diffState', defer = 'dbtDefer.diffDefer' }
      run(client, names[opts.args] or names.saved, { vim.uri_from_bufnr(buffer) })
    end, { nargs = '?', complete = function() return { 'saved', 'state', 'defer' } end, desc = 'compiled SQL: saved and unsaved, production and here, without and with defer' })
    command('DbtCopyCompiled', function()
      run(client, 'dbtDefer.copyCompiled', { vim.uri_from_bufnr(buffer) })
    end, { desc = 'the compiled SQL of this model into the clipboard' })
    for name in pairs(after) do
      client.commands[name] = function(action) run(client, name, action.arguments or {}) end
    end
  end,
}
