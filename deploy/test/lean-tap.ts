import hooks from 'node:async_hooks';
import modules, { syncBuiltinESMExports } from 'node:module';

/**
 * Preloaded into every test file, before what tap preloads. What tap has for others costs a file half its time and serves
 * nothing here: modules are loaded through hooks that keep what a coverage report or a mocked module would need, and each promise is
 * watched, so as to say in which test something was thrown that nobody caught. That still fails its file.
 */
const { createHook } = hooks;
hooks.createHook = (callbacks) => createHook({ ...callbacks, trackPromises: false });
modules.registerHooks = () => ({ deregister() {} });
syncBuiltinESMExports();

// Node strips types and leaves every line where it was.
process.setSourceMapsEnabled(false);
process.setSourceMapsEnabled = () => {};

// Services that a test starts run as they would anywhere.
Object.assign(globalThis, { [Symbol.for('@tapjs/processinfo.ProcessInfoNodeData')]: { files: [] } });
delete process.env.NODE_OPTIONS;
