import type { SliceType } from './props';
import type { View } from './scene';

export interface Member {
    follow(view: View): void;
    takeLayout(sliceType: SliceType): void;
    resetWindow(): void;
}

/** Viewers that move together. NiiVue's own broadcast needs the focus, so it is not used. */
export class SyncGroup {
    readonly members = new Set<Member>();
    /** What a viewer that joins late starts from. */
    view: View | null = null;

    constructor(readonly name: string) {}

    others(member: Member): Member[] {
        return [...this.members].filter((other) => other !== member);
    }

    publish(member: Member, view: View): void {
        this.view = view;
        this.others(member).forEach((other) => other.follow(view));
    }
}

const groups = new Map<string, SyncGroup>();

export function joinGroup(name: string, member: Member): SyncGroup {
    const group = groups.get(name) ?? new SyncGroup(name);
    groups.set(name, group);
    group.members.add(member);
    return group;
}

export function leaveGroup(group: SyncGroup, member: Member): void {
    group.members.delete(member);
    if (group.members.size === 0) groups.delete(group.name);
}
