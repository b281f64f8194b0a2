/** The command line, as it is installed. */
import '../../../src/cli/latchkey.js';
