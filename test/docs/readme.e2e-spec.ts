import { describeTypedPage } from './typed-page.js';

// Every example is a process or two of its own: on a busy machine that takes its time.
describeTypedPage('README.md', 8);
