# The same rules over data laid out by role and workspace, which is how the
# manual of OPA advises to keep a decision from growing with the policies.
package alveary

default allow := false

# The policies of the asker's roles on the workspace.
met := [policy | some role in input.roles; policy := data.policies[role][input.workspace]]

allow if {
	granted
	not denied
}

granted if {
	some policy in met
	some rule in policy.open
	input.action in rule.actions
	net.cidr_contains(rule.inside, input.address)
	rule.first <= input.day
	input.day <= rule.last
	rule.from <= input.minute
	input.minute <= rule.to
}

denied if {
	some policy in met
	some rule in policy.list
	input.action in rule.actions
	input.file.extension in rule.extensions
}

denied if {
	some policy in met
	some rule in policy.pattern
	input.action in rule.actions
	regex.match(rule.pattern, input.file.extension)
}

denied if {
	some policy in met
	some rule in policy.tagged
	input.action in rule.actions
	not net.cidr_contains(rule.outside, input.address)
	rule.tag in input.file.tags
}

denied if {
	some policy in met
	some rule in policy.large
	input.action in rule.actions
	input.file.size > rule.over
	regex.match(rule.pattern, input.file.extension)
}

denied if {
	some policy in met
	some rule in policy.largelist
	input.action in rule.actions
	input.file.size > rule.over
	input.file.extension in rule.extensions
}
