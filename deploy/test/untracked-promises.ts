import hooks from 'node:async_hooks';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Preloaded into every test file. tap watches all that is asynchronous, so as to say in which test something was thrown
 * that nobody caught; watching each single promise would be a third of the time of most tests. What nobody catches still
 * fails its file.
 */
const { createHook } = hooks;
hooks.createHook = (callbacks) => createHook({ ...callbacks, trackPromises: false });
syncBuiltinESMExports();
