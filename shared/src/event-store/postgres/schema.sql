-- The log. Why it is shaped like this: README.md.

create schema log;

-- One row per stream: the place where writers of the same stream meet.
create table log.streams (
  stream_id text collate "C" primary key,
  revision integer not null
) with (fillfactor = 70); -- room on the page, so that the next revision is an update in place

create table log.events (
  position bigint generated always as identity primary key,
  stream_id text collate "C" not null,
  revision integer not null,
  event_id uuid not null unique,
  type text collate "C" not null,
  data json not null, -- json, not jsonb: what went in comes out, with its order of fields and even U+0000
  metadata json not null,
  recorded_at timestamptz not null default now(),
  unique (stream_id, revision)
);

-- Appends to several streams, each whole or not at all, and answers a verdict for each, in order. The
-- events of all appends stand one after the other in the last four arrays; `counts` says where they part.
-- `expected` is a revision, -1 for a stream that must not exist, or -2 for any. Callers sort by stream, so
-- that no two calls wait for each other. A taken event id fails the whole call.
create function log.append(
  stream_ids text[], expected integer[], counts integer[],
  event_ids uuid[], types text[], data json[], metadata json[]
) returns table (verdict text, at_revision integer, at_position bigint)
language plpgsql
set lock_timeout = '5s'
set plan_cache_mode = force_generic_plan -- planning each statement anew took three times as long as running it
as $$
declare
  done integer := 0;
  first integer;
begin
  -- Before any position is drawn: by this lock a reader knows that a hole may still be filled.
  perform pg_advisory_xact_lock_shared(1819240238, 1);

  for n in 1 .. cardinality(stream_ids) loop
    verdict := 'conflict';
    at_revision := null;
    first := expected[n] + 1;

    if expected[n] = -1 then
      insert into log.streams (stream_id, revision) values (stream_ids[n], counts[n] - 1)
      on conflict do nothing returning streams.revision into at_revision;
    elsif expected[n] >= 0 then
      update log.streams set revision = streams.revision + counts[n]
      where stream_id = stream_ids[n] and streams.revision = expected[n]
      returning streams.revision into at_revision;
    else
      insert into log.streams (stream_id, revision) values (stream_ids[n], -1) on conflict do nothing;
      perform from log.streams where stream_id = stream_ids[n] for update;
      select events.revision into first from log.events
      where event_id = event_ids[done + 1] and stream_id = stream_ids[n];
      if first is null then
        update log.streams set revision = streams.revision + counts[n]
        where stream_id = stream_ids[n] returning streams.revision into at_revision;
      end if;
    end if;

    if at_revision is not null then
      verdict := 'appended';
      for nth in 1 .. counts[n] loop
        insert into log.events (stream_id, revision, event_id, type, data, metadata)
        values (stream_ids[n], at_revision - counts[n] + nth, event_ids[done + nth],
                types[done + nth], append.data[done + nth], append.metadata[done + nth])
        returning events.position into at_position;
      end loop;
    else
      -- Not where it was expected. Perhaps because this very append was here before.
      select max(events.revision), max(events.position) into at_revision, at_position
      from unnest(event_ids[done + 1 : done + counts[n]]) with ordinality as given (id, nth)
      join log.events on stream_id = stream_ids[n] and events.revision = first + nth - 1 and event_id = given.id
      having count(*) = counts[n];
      if at_revision is not null then verdict := 'repeated'; end if;
    end if;

    done := done + counts[n];
    return next;
  end loop;
end
$$;

comment on schema log is 'agentcal log 1';
