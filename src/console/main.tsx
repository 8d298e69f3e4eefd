import { render } from 'preact';
import './style/tokens.css';
import './style/base.css';
import './style/shell.css';
import './style/feed.css';
import './style/detail.css';
import './style/find.css';
import { Console } from './console.js';

const place = document.getElementById('page');
if (place !== null) render(<Console />, place);
