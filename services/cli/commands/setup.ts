import { toolsFolder } from '../../../infra/home.ts';
import { installNativeBackend } from '../../../infra/native-backend/install-native-backend.ts';
import { TENSORFLOW_VERSION, TFJS_NODE_VERSION } from '../../../infra/native-backend/native-backend-folder.ts';
import { BadInput } from '../../../infra/setup-error.ts';
import { command } from '../command.ts';
import { createProgressDisplay } from '../progress.ts';

export default command({
  usage: ['setup native [--json]'],
  description: `Installs what Don can use and does not need. native: TensorFlow's C library with tfjs-node, as a backend of training
beside wasm. It fetches 330 MB with npm and pip as they are configured, compiles, and takes 1.1 GB below
DON_HOME/tools, or DON_TOOLS. Nothing of the system and nothing of the clone is changed. Interrupted, it goes on from
there. Where it is there, nothing is done. To use it: DON_BACKEND=native. When that is worth it is in
docs/training.md.`,
  examples: ['don setup native', 'DON_BACKEND=native don train docs/examples/btc-5m.json'],
  options: {},
  async run({ positionals, config: { home }, json, print, say, signal }) {
    if (positionals.length !== 1 || positionals[0] !== 'native')
      throw new BadInput(`don setup: expected native, found ${positionals.join(' ') || 'nothing'}`);
    const display = createProgressDisplay(process.stderr);
    const log = (line: string): void => {
      display.end();
      say(line);
    };
    try {
      const { folder, wasThere } = await installNativeBackend(toolsFolder(home), {
        log,
        onProgress: display.update,
        signal,
      });
      display.end();
      const versions = { tfjsNode: TFJS_NODE_VERSION, tensorflow: TENSORFLOW_VERSION };
      print(
        json
          ? JSON.stringify({ folder, wasThere, ...versions })
          : `${wasThere ? 'It is there already' : 'It is there'}: tfjs-node ${versions.tfjsNode} with TensorFlow ${versions.tensorflow}, in ${folder}.\nDON_BACKEND=native trains on it; wasm stays what is used otherwise.`,
      );
      return 0;
    } catch (error) {
      if (!signal.aborted) throw error;
      log('Interrupted. Run don setup native again; it goes on from there.');
      return 130;
    } finally {
      display.end();
    }
  },
});
