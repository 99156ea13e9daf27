-- Load for wrk: bodies as the SDK sends them, about 400 bytes an event, every event with an id of its own and one of
-- 10^6 visitors. Arguments: events in a request (1: the route for single events), a seed that no other run has.

local events_per_request, seed = 1, 0
local count = 0

local VISITORS = 1000000
local ID = '"%d-%d-%d-%d"'
local PATHS = { "/", "/pricing", "/docs/getting-started", "/blog/2026/11/how-we-measure?utm_source=mail&ref=42" }
local REFERRERS = { "https://www.google.com/", "https://news.example/item?id=42", "", "https://www.example.com/docs" }

local function id(number, salt)
  -- Numbers as wide as the SDK's random ones.
  return string.format(ID, 1000000000 + salt, 2000000000 + number % 1000000007, 3000000000 + number, 1234567890)
end

local function event(now)
  count = count + 1
  local visitor = math.random(VISITORS)
  return '{"url":"https://www.example.com' .. PATHS[count % 4 + 1] .. '","viewport":"lg","title":"How we measure - Example","ts":' .. now
    .. ',"referrer":"' .. REFERRERS[count % 4 + 1] .. '","language":"en-US","page_view_id":' .. id(count, 7)
    .. ',"event":"link_click","metadata":{"href":"/docs/install","text":"Install it","position":' .. count % 17
    .. ',"is_outbound":false,"section":"hero"},"visitor_id":' .. id(visitor, 1) .. ',"session_id":' .. id(visitor, 2)
    .. ',"id":' .. id(count, seed)
end

function init(arguments)
  events_per_request = tonumber(arguments[1])
  seed = tonumber(arguments[2])
  math.randomseed(seed)
  wrk.method = "POST"
  wrk.path = events_per_request == 1 and "/api/metrics/event" or "/api/metrics/events"
  wrk.headers["Content-Type"] = "text/plain;charset=UTF-8"
  wrk.headers["Origin"] = "http://localhost:5173"
  wrk.headers["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"
end

function request()
  local now = string.format("%d", os.time() * 1000)
  if events_per_request == 1 then return wrk.format(nil, nil, nil, event(now) .. ',"sent_at":' .. now .. "}") end
  local events = {}
  for n = 1, events_per_request do events[n] = event(now) .. "}" end
  return wrk.format(nil, nil, nil, '{"sent_at":' .. now .. ',"dropped":{},"events":[' .. table.concat(events, ",") .. "]}")
end

function done(summary, latency)
  io.write(string.format('RESULT {"requests":%d,"refused":%d,"p99Us":%d}\n', summary.requests,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout, latency:percentile(99)))
end
