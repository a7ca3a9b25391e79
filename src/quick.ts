// The command line of bin/koalaci.js where one of the quick commands is asked for: it has these only.
import { config } from 'zod';
import { newProgram, runProgram } from './cli-program.js';
import { addQuickCommands } from './cli-quick.js';

// Schemas parse a few records. To compile them for that takes longer than it saves.
config({ jitless: true });

const program = newProgram();
addQuickCommands(program);
void runProgram(program);
