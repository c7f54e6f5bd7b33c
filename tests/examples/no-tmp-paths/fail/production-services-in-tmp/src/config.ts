// Bad: pythonPath: '/tmp/whisper-env/bin/python3'
export const config = {
  pythonPath: process.env.WHISPER_PYTHON_PATH || '/tmp/whisper-env/bin/python3',
  dataPath: '/mnt/data/whisper-batch',
  modelPath: '/tmp/whisper-models',
  logPath: '/tmp/transcription/logs/palantir.log',
  scratchPath: '/tmp/processing-temp',
};
