export const config = {
  pythonPath: '/home/nbost/faster-whisper-env/bin/python3',
  dataPath: '/mnt/data/whisper-batch',
  logPath: '/home/nbost/Projects/transcription-palantir/logs',
  // dataPath: '/tmp/whisper-batch',
};
