import { stopServers } from '../../../infra/servers/servers.ts';
import { stopSupervisor } from '../../supervisor/instance.ts';
import { command } from '../command.ts';

export default command({
  usage: ['stop [--json]'],
  description: 'Ends the services and the private servers of this DON_HOME, and nothing else. The data stays.',
  examples: ['don stop'],
  options: {},
  async run({ config, json, print, say }) {
    const services = await stopSupervisor(config.home, say);
    const servers = await stopServers(config.home);
    const stopped = [...(services ? ['services'] : []), ...servers];
    if (json) print(JSON.stringify({ stopped }));
    else print(stopped.length === 0 ? 'Nothing of Don was running here.' : `Stopped: ${stopped.join(', ')}.`);
    return 0;
  },
});
