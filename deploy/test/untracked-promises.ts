import hooks from 'node:async_hooks';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Preloaded into every test file. tap watches all that is asynchronous, so as to say in which test something was thrown
 * that nobody caught; watching each single promise would be up to two thirds of the time of those that await a lot. What nobody
 * catches still fails its file.
 */
const { createHook } = hooks;
hooks.createHook = (callbacks) => createHook({ ...callbacks, trackPromises: false });
syncBuiltinESMExports();
