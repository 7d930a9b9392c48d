"""The semantics benchmark: words against what they mean, and gestures against their purpose."""
