import { minute, second } from '@agentcal/shared/kernel/time';
import type { Life } from '../world/life.ts';
import type { World } from '../world/line.ts';
import type { Engines } from './engines.ts';

/** A process that can be ended and started again. */
export interface Subject {
  readonly name: string;
  readonly life: Life;
  restart(): void;
}

/** Until the world calms down, processes crash, stand still, lose their locks and have their clocks changed. */
export function unleashTrouble(world: World, engines: Engines, subjects: readonly Subject[]): void {
  const { scheduler, random, faults } = world;
  const { crashEverySeconds, pauseEverySeconds, clockJumpEverySeconds, releaseEverySeconds } = faults.weather;
  for (const subject of subjects) {
    const note = (what: string) => scheduler.note(subject.name, what);
    nowAndThen(world, crashEverySeconds, () => {
      if (!subject.life.isAlive) return;
      note('crashes');
      subject.life.crash();
      scheduler.after(random.between(100, 6_000), () => {
        note('starts again');
        subject.restart();
      });
    });
    nowAndThen(world, pauseEverySeconds, () => {
      const ms = random.between(300, 15_000);
      note(`stands still for ${ms} ms`);
      subject.life.pause(ms);
    });
    nowAndThen(world, clockJumpEverySeconds, () => {
      const off = random.pick([-10 * minute, -90 * second, -2 * second, 2 * second, 90 * second, 10 * minute]);
      note(`its clock is ${off / second} s off`);
      subject.life.clockOffMs = off;
    });
  }
  nowAndThen(world, releaseEverySeconds, () => release(world, engines, subjects));
  nowAndThen(world, 6, () => {
    if (faults.strikes(random, 'lockLost')) engines.locks.dropOne();
  });
}

/** Read models of another version are built beside the live ones and take their place, also where that is cut off. */
function release({ scheduler, random }: World, engines: Engines, subjects: readonly Subject[]): void {
  engines.releases += 1;
  const subject = random.pick(subjects.filter(({ name }) => name.startsWith('follower')));
  scheduler.note(subject.name, `is replaced by release ${engines.releases}`);
  subject.life.crash();
  subject.restart();
}

/** Again and again, at moments that nobody can foresee. */
function nowAndThen({ scheduler, random, faults }: World, everySeconds: number, work: () => void): void {
  if (!Number.isFinite(everySeconds)) return;
  const again = () => {
    scheduler.after(-Math.log(1 - random.next()) * everySeconds * second, () => {
      if (faults.isCalm) return;
      work();
      again();
    });
  };
  again();
}
