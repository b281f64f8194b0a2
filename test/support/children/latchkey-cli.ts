/** The command line, as it is installed. */
import '../../../lib/cli/latchkey.js';
