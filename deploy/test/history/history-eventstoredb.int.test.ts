import t from 'tap';
import { wholeStory } from './whole-story.fixture.ts';

// Mostly half a minute; more where the machine is busy.
t.setTimeout(300_000);

t.test('nothing is lost, doubled or given twice, whatever dies: the log in the double of EventStoreDB', (t) =>
  wholeStory(t, 'eventstoredb'),
);
