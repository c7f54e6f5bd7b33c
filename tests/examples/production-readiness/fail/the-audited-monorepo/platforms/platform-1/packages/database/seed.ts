import { PrismaClient } from '@prisma/client';

const client = new PrismaClient();
await client.systemConfig.upsert({ where: { key: 'version' }, create: { key: 'version', value: '1' }, update: {} });
