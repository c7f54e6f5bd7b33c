export { AIEngine } from './engine';
