export interface Policy {
  name: string;
  roles: string[];
}

export function permits(policy: Policy, roles: string[]): boolean {
  return roles.some((role) => policy.roles.includes(role));
}
