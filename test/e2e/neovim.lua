-- Drives Neovim as a person would: opens a model of the demo, waits for the server, and looks at what the editor shows.
local failures, passed = {}, 0
local function check(name, ok, detail)
  if ok then
    passed = passed + 1
    print('ok    ' .. name)
  else
    failures[#failures + 1] = name
    print('FAIL  ' .. name .. '  ' .. tostring(detail))
  end
end
local function wait(what, condition)
  local done = vim.wait(30000, condition, 20)
  check(what, done, 'waited in vain')
  return done
end
local function place(pattern, within)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    local column = line:find(pattern, 1, true)
    if column then
      vim.api.nvim_win_set_cursor(0, { number, column - 1 + (within or 0) })
      return
    end
  end
  error('not in the buffer: ' .. pattern)
end
local function ask(method, more)
  local params = vim.tbl_extend('force', vim.lsp.util.make_position_params(0, 'utf-16'), more or {})
  local answers = vim.lsp.buf_request_sync(0, method, params, 10000) or {}
  for _, answer in pairs(answers) do
    if answer.error then error(method .. ': ' .. vim.inspect(answer.error)) end
    if answer.result then return answer.result end
  end
end

vim.opt.runtimepath:prepend('/e2e/editors/neovim')
vim.cmd('filetype on')
vim.cmd('cd /e2e/demo')
vim.lsp.enable('dbt_defer_ls')
vim.cmd('edit models/marts/customers.sql')
vim.bo.filetype = 'sql'
wait('the server is attached', function() return #vim.lsp.get_clients({ bufnr = 0 }) == 1 end)
local client = vim.lsp.get_clients({ bufnr = 0 })[1]
check('its root is the project', client.root_dir == '/e2e/demo', client.root_dir)
check('user commands', vim.fn.exists(':DbtDefer') == 2 and vim.fn.exists(':DbtTarget') == 2)

local hints = function() return vim.lsp.inlay_hint.get({ bufnr = 0 }) end
wait('inlay hints come', function() return #hints() == 3 end)
local labels = {}
for _, hint in ipairs(hints()) do
  local label = hint.inlay_hint.label
  labels[#labels + 1] = type(label) == 'string' and label or label[1].value
end
print('      ' .. table.concat(labels, ' | '))
check('a hint says production', vim.tbl_contains(labels, '→ dev.prod_history.customer_history (prod)'), vim.inspect(labels))
check('a hint says dev', vim.tbl_contains(labels, '→ dev.dev_staging.stg_customers'), vim.inspect(labels))

place("ref('customer_history')", 8)
local hover = ask('textDocument/hover')
local text = hover and hover.contents.value or ''
check('hover says where it reads', text:find('"dev"."prod_history"."customer_history"', 1, true) ~= nil, text)
check('hover says why', text:find('does not exist', 1, true) ~= nil, text)
vim.lsp.buf.hover()
local float
wait('the hover window opens', function()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then float = window end
  end
  return float ~= nil
end)
if float then
  print('      ----')
  for _, line in ipairs(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(float), 0, -1, false)) do print('      ' .. line) end
  print('      ----')
  vim.api.nvim_win_close(float, true)
end

place("ref('stg_customers')", 8)
vim.lsp.buf.definition()
wait('go to definition goes there', function() return vim.api.nvim_buf_get_name(0):find('stg_customers.sql', 1, true) ~= nil end)
vim.cmd('buffer models/marts/customers.sql')

vim.api.nvim_buf_set_lines(0, -1, -1, false, { "-- 🎉 select * from {{ ref('order') }}" })
local function missing()
  for _, each in ipairs(vim.diagnostic.get(0)) do if each.code == 'ref-not-found' then return each end end
end
wait('a diagnostic on unsaved text', function() return missing() ~= nil end)
local diagnostic = missing()
check('at the name, behind an emoji', diagnostic and diagnostic.col == #"-- 🎉 select * from {{ ref('", vim.inspect(diagnostic))
vim.wait(1500)
local times = 0
for _, each in ipairs(vim.diagnostic.get(0)) do if each.code == 'ref-not-found' then times = times + 1 end end
check('said once, pushed or pulled', times == 1, times)
local last = vim.api.nvim_buf_line_count(0)
vim.api.nvim_win_set_cursor(0, { last, diagnostic and diagnostic.col or 0 })
local actions = ask('textDocument/codeAction', { range = { start = { line = last - 1, character = 30 }, ['end'] = { line = last - 1, character = 30 } }, context = { diagnostics = {} } })
local fixed = false
for _, action in ipairs(actions or {}) do
  if action.title == "Change to 'orders'" then
    vim.lsp.util.apply_workspace_edit(action.edit, 'utf-16')
    fixed = true
  end
end
check('did you mean is offered', fixed, vim.inspect(actions))
wait('and mends it', function() return missing() == nil end)

vim.api.nvim_buf_set_lines(0, -2, -1, false, { "-- select * from {{ ref('stg_o" })
local list = ask('textDocument/completion', { context = { triggerKind = 1 }, position = { line = vim.api.nvim_buf_line_count(0) - 1, character = #"-- select * from {{ ref('stg_o" } })
local names = {}
for _, item in ipairs(list and (list.items or list) or {}) do names[#names + 1] = item.label end
check('completion in an unfinished ref', vim.deep_equal(names, { 'stg_order_lines', 'stg_orders' }), vim.inspect(names))

-- Compiled text beside the model: it follows every keystroke, is asked about as the model is, and compared.
local model = vim.api.nvim_get_current_buf()
vim.api.nvim_buf_set_lines(model, 0, -1, false, { "select 1 as one from {{ ref('customer_history') }}" })
local function compiled()
  for _, each in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_get_name(each):find('^dbt%-compiled:') and not vim.api.nvim_buf_get_name(each):find('~') then return each end
  end
end
local function compiled_text() local buffer = compiled() return buffer and table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n') or '' end
vim.cmd('DbtCompiled')
wait('the compiled split opens', function() return compiled_text() == 'select 1 as one from "dev"."prod_history"."customer_history"' end)
check('the cursor stays in the model', vim.api.nvim_get_current_buf() == model)
vim.api.nvim_buf_set_lines(model, 0, -1, false, { "select 2 as two from {{ ref('customer_history') }} where {{ ref(" })
local began = vim.uv.hrtime()
wait('it follows a keystroke, half-typed text too', function() return compiled_text():find('select 2 as two from "dev"."prod_history"."customer_history" where /* ✗', 1, true) ~= nil end)
print(('      after %d ms'):format((vim.uv.hrtime() - began) / 1e6))
vim.api.nvim_buf_set_lines(model, 0, -1, false, { "select 3 as three from {{ ref('customer_history') }}" })
wait('and again', function() return compiled_text() == 'select 3 as three from "dev"."prod_history"."customer_history"' end)
for _, window in ipairs(vim.api.nvim_list_wins()) do
  if vim.api.nvim_win_get_buf(window) == compiled() then vim.api.nvim_set_current_win(window) end
end
wait('the client is attached to it', function() return #vim.lsp.get_clients({ bufnr = 0 }) == 1 end)
place('customer_history')
local inside = ask('textDocument/hover')
check('hover inside compiled text', inside and inside.contents.value:find('reads production', 1, true) ~= nil, vim.inspect(inside))
wait('hints inside compiled text', function()
  for _, hint in ipairs(vim.lsp.inlay_hint.get({ bufnr = 0 })) do if hint.inlay_hint.label == '← prod' then return true end end
  return false
end)
place('three')
vim.cmd('DbtCounterpart')
wait('from compiled text to the model', function() return vim.api.nvim_get_current_buf() == model and vim.api.nvim_win_get_cursor(0)[2] == #'select 3 as ' end)
vim.cmd('DbtDiff saved')
wait('the diff of saved and unsaved opens', function()
  local diffing = {}
  for _, window in ipairs(vim.api.nvim_tabpage_list_wins(0)) do
    if vim.wo[window].diff then diffing[#diffing + 1] = table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), '\n') end
  end
  return #diffing == 2 and diffing[1] ~= diffing[2] and vim.tbl_contains(diffing, 'select 3 as three from "dev"."prod_history"."customer_history"')
end)
vim.cmd('tabonly')
vim.cmd('only')
vim.cmd('buffer ' .. model)

vim.cmd('DbtDefer off')
wait('switching defer off changes the hints', function()
  for _, hint in ipairs(hints()) do
    local label = hint.inlay_hint.label
    if type(label) == 'string' and label:find('(prod)', 1, true) then return false end
  end
  return #hints() > 0
end)

vim.lsp.stop_client(client.id)
wait('the server ends', function() return #vim.lsp.get_clients({ bufnr = 0 }) == 0 end)
print(('%d passed, %d failed'):format(passed, #failures))
os.exit(#failures == 0 and 0 or 1)
